// The JavaScript amaro's WebAssembly calls through wasm-bindgen, as far as turning a source text
// into another needs it. What it never calls ends the call as a trap. These functions must keep
// nothing that has a destructor while they call back into generated code: it may not return.
#include <cmath>
#include <cstring>

#include "src/typescript/swc_state.h"

namespace {

using rt::typescript::SwcObject;
using rt::typescript::SwcValue;
using rt::typescript::SwcValues;
using rt::typescript::Trap;
using Kind = SwcValue::Kind;
using State = rt::typescript::SwcInstance::State;
using Imports = struct Z___wbindgen_placeholder___instance_t;

// `size` bytes of linear memory; a trap if they are not all there.
uint8_t* Memory(State& state, u32 address, uint64_t size) {
  const wasm_rt_memory_t& memory = state.module.w2c_memory;
  if (address + size > memory.size) Trap();
  return memory.data + address;
}

void StoreU32(State& state, u32 address, u32 value) {
  std::memcpy(Memory(state, address, sizeof value), &value, sizeof value);
}

void StoreF64(State& state, u32 address, double value) {
  std::memcpy(Memory(state, address, sizeof value), &value, sizeof value);
}

std::string TextAt(State& state, u32 address, u32 size) {
  return std::string(reinterpret_cast<const char*>(Memory(state, address, size)), size);
}

// Copies text into memory the module allocates; stores (pointer, length) at `out`.
void PassText(State& state, u32 out, const char* text, size_t size) {
  if (size > INT32_MAX) Trap();
  const u32 length = static_cast<u32>(size);
  const u32 address = Z_swcZ___wbindgen_export_2(&state.module, length, 1);
  if (length != 0) std::memcpy(Memory(state, address, length), text, length);
  StoreU32(state, out + 4, length);
  StoreU32(state, out, address);
}

bool IsString(State& state, u32 index) {
  return index == state.source_slot || state.values.Get(index).kind == Kind::kString;
}

bool Equal(const SwcValue& a, const SwcValue& b) {
  if (a.kind != b.kind) return false;
  switch (a.kind) {
    case Kind::kUndefined:
    case Kind::kNull:
      return true;
    case Kind::kBoolean:
    case Kind::kNumber:
      return a.number == b.number;
    case Kind::kString:
      return a.text == b.text;
    case Kind::kObject:
    case Kind::kArray:
      return a.object == b.object;
    case Kind::kError:
      return false;
  }
  return false;
}

u32 AddCopy(State& state, const SwcValue* value) {
  return state.values.Add(value ? *value : SwcValue());
}

}  // namespace

#define RT_IMPORT(result, name) result Z___wbindgen_placeholder__Z_##name
// An import that turning source text never needs.
#define RT_NO_IMPORT(result, name, ...)  \
  RT_IMPORT(result, name)(__VA_ARGS__) { \
    Trap();                              \
  }

extern "C" {

RT_IMPORT(u32, __wbindgen_is_undefined)(Imports* self, u32 a) {
  return a != self->state->source_slot && self->state->values.Get(a).kind == Kind::kUndefined;
}
RT_IMPORT(u32, __wbindgen_is_object)(Imports* self, u32 a) {
  const Kind kind = self->state->values.Get(a).kind;
  return kind == Kind::kObject || kind == Kind::kArray || kind == Kind::kError;
}
RT_IMPORT(u32, __wbindgen_is_string)(Imports* self, u32 a) {
  return IsString(*self->state, a);
}
RT_IMPORT(u32, __wbindgen_is_function)(Imports*, u32) {
  return 0;
}
RT_IMPORT(u32, __wbindgen_is_bigint)(Imports*, u32) {
  return 0;
}
RT_IMPORT(u32, __wbindgen_is_falsy)(Imports* self, u32 a) {
  State& state = *self->state;
  if (a == state.source_slot) return state.source.empty();
  const SwcValue& value = state.values.Get(a);
  switch (value.kind) {
    case Kind::kUndefined:
    case Kind::kNull:
      return 1;
    case Kind::kBoolean:
    case Kind::kNumber:
      return value.number == 0 || std::isnan(value.number);
    case Kind::kString:
      return value.text.empty();
    default:
      return 0;
  }
}
RT_IMPORT(u32, __wbindgen_boolean_get)(Imports* self, u32 a) {
  const SwcValue& value = self->state->values.Get(a);
  return value.kind == Kind::kBoolean ? (value.number != 0 ? 1 : 0) : 2;
}
RT_IMPORT(void, __wbindgen_number_get)(Imports* self, u32 out, u32 a) {
  const SwcValue& value = self->state->values.Get(a);
  const bool is_number = value.kind == Kind::kNumber;
  StoreF64(*self->state, out + 8, is_number ? value.number : 0);
  StoreU32(*self->state, out, is_number ? 1 : 0);
}
RT_IMPORT(void, __wbindgen_string_get)(Imports* self, u32 out, u32 a) {
  State& state = *self->state;
  if (a == state.source_slot) {
    PassText(state, out, state.source.data(), state.source.size());
  } else if (const SwcValue& value = state.values.Get(a); value.kind == Kind::kString) {
    PassText(state, out, value.text.data(), value.text.size());
  } else {
    StoreU32(state, out + 4, 0);
    StoreU32(state, out, 0);
  }
}
RT_IMPORT(u32, __wbindgen_string_new)(Imports* self, u32 address, u32 size) {
  return self->state->values.Add(SwcValue::String(TextAt(*self->state, address, size)));
}
RT_IMPORT(u32, __wbindgen_number_new)(Imports* self, f64 value) {
  return self->state->values.Add(SwcValue::Number(value));
}
RT_IMPORT(u32, __wbindgen_bigint_from_i64)(Imports* self, u64 value) {
  return self->state->values.Add(
      SwcValue::Number(static_cast<double>(static_cast<int64_t>(value))));
}
RT_IMPORT(u32, __wbindgen_bigint_from_u64)(Imports* self, u64 value) {
  return self->state->values.Add(SwcValue::Number(static_cast<double>(value)));
}
RT_IMPORT(u32, __wbindgen_error_new)(Imports* self, u32 address, u32 size) {
  return self->state->values.Add(SwcValue::MakeError(TextAt(*self->state, address, size)));
}
RT_IMPORT(u32, __wbindgen_object_clone_ref)(Imports* self, u32 a) {
  return AddCopy(*self->state, &self->state->values.Get(a));
}
RT_IMPORT(void, __wbindgen_object_drop_ref)(Imports* self, u32 a) {
  self->state->values.Drop(a);
}
RT_IMPORT(u32, __wbg_new_405e22f390576ce2)(Imports* self) {
  return self->state->values.Add(SwcValue::Object());
}
RT_IMPORT(void, __wbg_set_3f1d0b984ed272ed)(Imports* self, u32 object, u32 key, u32 value) {
  SwcValues& values = self->state->values;
  std::string name = values.Take(key).text;
  SwcValue taken = values.Take(value);
  if (const SwcValue& target = values.Get(object); target.object) {
    target.object->Set(std::move(name), std::move(taken));
  }
}
RT_IMPORT(u32, __wbg_getwithrefkey_1dc361bd10053bfe)(Imports* self, u32 object, u32 key) {
  SwcValues& values = self->state->values;
  const SwcValue& target = values.Get(object);
  return AddCopy(*self->state, target.object ? target.object->Find(values.Get(key).text) : nullptr);
}
RT_IMPORT(u32, __wbg_get_67b2ba62fc30de12)(Imports* self, u32 object, u32 key) {
  SwcValues& values = self->state->values;
  const SwcValue& target = values.Get(object);
  return AddCopy(*self->state, target.object ? target.object->Find(values.Get(key).text) : nullptr);
}
RT_IMPORT(u32, __wbindgen_in)(Imports* self, u32 key, u32 object) {
  SwcValues& values = self->state->values;
  const SwcValue& target = values.Get(object);
  return target.object && target.object->Find(values.Get(key).text) != nullptr;
}
RT_IMPORT(u32, __wbindgen_jsval_eq)(Imports* self, u32 a, u32 b) {
  return a == b || Equal(self->state->values.Get(a), self->state->values.Get(b));
}
RT_IMPORT(u32, __wbindgen_jsval_loose_eq)(Imports* self, u32 a, u32 b) {
  if (a == b) return 1;
  const SwcValue& x = self->state->values.Get(a);
  const SwcValue& y = self->state->values.Get(b);
  const bool x_none = x.kind == Kind::kUndefined || x.kind == Kind::kNull;
  const bool y_none = y.kind == Kind::kUndefined || y.kind == Kind::kNull;
  if (a != self->state->source_slot && b != self->state->source_slot && x_none && y_none) return 1;
  return Equal(x, y);
}
RT_IMPORT(void, __wbindgen_debug_string)(Imports* self, u32 out, u32 a) {
  // Only for messages about options of the wrong type, which ours never are.
  const std::string_view text =
      self->state->values.Get(a).kind == Kind::kString ? "a string" : "a value";
  PassText(*self->state, out, text.data(), text.size());
}
RT_IMPORT(void, __wbindgen_throw)(Imports* self, u32 address, u32 size) {
  self->state->panic = TextAt(*self->state, address, size);
  Trap();
}
RT_IMPORT(u32, __wbg_instanceof_Map_f3469ce2244d2430)(Imports*, u32) {
  return 0;
}
RT_IMPORT(u32, __wbg_instanceof_Uint8Array_17156bcf118086a9)(Imports*, u32) {
  return 0;
}
RT_IMPORT(u32, __wbg_instanceof_ArrayBuffer_e14585432e3737fc)(Imports*, u32) {
  return 0;
}
RT_IMPORT(u32, __wbg_isArray_a1eab7e0d067391b)(Imports* self, u32 a) {
  return self->state->values.Get(a).kind == Kind::kArray;
}
// Options nested in options are read with Object.entries, once they turn out not to be iterable.
RT_IMPORT(u32, __wbg_iterator_9a24c88df860dc65)(Imports* self) {
  return self->state->values.Add(SwcValue::String("@@iterator"));
}
RT_IMPORT(u32, __wbg_entries_3265d4158b33e5dc)(Imports* self, u32 a) {
  SwcValues& values = self->state->values;
  std::vector<SwcValue> entries;
  if (const SwcValue& value = values.Get(a); value.object) {
    for (const auto& [key, property] : value.object->properties) {
      entries.push_back(SwcValue::Array({SwcValue::String(key), property}));
    }
  }
  return values.Add(SwcValue::Array(std::move(entries)));
}
RT_IMPORT(u32, __wbg_length_e2d2a49132c1b256)(Imports* self, u32 a) {
  const SwcValue& value = self->state->values.Get(a);
  return value.object ? static_cast<u32>(value.object->items.size()) : 0;
}
RT_IMPORT(u32, __wbg_get_b9b93047fe3cf45b)(Imports* self, u32 a, u32 index) {
  const SwcValue& value = self->state->values.Get(a);
  const bool there = value.object && index < value.object->items.size();
  return AddCopy(*self->state, there ? &value.object->items[index] : nullptr);
}
RT_IMPORT(u32, __wbg_new_78feb108b6472713)(Imports* self) {
  return self->state->values.Add(SwcValue::Array({}));
}
RT_IMPORT(void, __wbg_set_37837023f3d740e8)(Imports* self, u32 a, u32 index, u32 item) {
  SwcValues& values = self->state->values;
  SwcValue taken = values.Take(item);
  const SwcValue& target = values.Get(a);
  if (!target.object || index > target.object->items.size()) return;
  if (index == target.object->items.size()) {
    target.object->items.push_back(std::move(taken));
  } else {
    target.object->items[index] = std::move(taken);
  }
}
RT_IMPORT(u32, __wbg_isSafeInteger_343e2beeeece1bb0)(Imports* self, u32 a) {
  const SwcValue& value = self->state->values.Get(a);
  return value.kind == Kind::kNumber && std::trunc(value.number) == value.number &&
         std::fabs(value.number) <= 9007199254740991.0;
}
// There is no global object here; the module asks for one to find queueMicrotask.
RT_IMPORT(u32, __wbg_static_accessor_GLOBAL_88a902d13a557d07)(Imports*) {
  return 0;
}
RT_IMPORT(u32, __wbg_static_accessor_GLOBAL_THIS_56578be7e9f832b0)(Imports*) {
  return 0;
}
RT_IMPORT(u32, __wbg_static_accessor_SELF_37c5d418e4bf5819)(Imports*) {
  return 0;
}
RT_IMPORT(u32, __wbg_static_accessor_WINDOW_5de37043a91a9c40)(Imports*) {
  return 0;
}

RT_NO_IMPORT(u32, __wbg_buffer_609cc3eee51ed158, Imports*, u32)
RT_NO_IMPORT(u32, __wbg_call_672a4d21634d4a24, Imports*, u32, u32)
RT_NO_IMPORT(u32, __wbg_call_7cccdd69e0791ae2, Imports*, u32, u32, u32)
RT_NO_IMPORT(u32, __wbg_done_769e5ede4b31c67b, Imports*, u32)
RT_NO_IMPORT(u32, __wbg_length_a446193dc22c12f8, Imports*, u32)
RT_NO_IMPORT(u32, __wbg_new_23a2665fac83c611, Imports*, u32, u32)
RT_NO_IMPORT(u32, __wbg_new_a12002a7f91c75be, Imports*, u32)
RT_NO_IMPORT(u32, __wbg_newnoargs_105ed471475aaf50, Imports*, u32, u32)
RT_NO_IMPORT(u32, __wbg_next_25feadfc0913fea9, Imports*, u32)
RT_NO_IMPORT(u32, __wbg_next_6574e1a8a62d1055, Imports*, u32)
RT_NO_IMPORT(void, __wbg_queueMicrotask_97d92b4fcc8a61c5, Imports*, u32)
RT_NO_IMPORT(u32, __wbg_queueMicrotask_d3219def82552485, Imports*, u32)
RT_NO_IMPORT(u32, __wbg_resolve_4851785c9c5f573d, Imports*, u32)
RT_NO_IMPORT(void, __wbg_set_65595bdd868b3009, Imports*, u32, u32, u32)
RT_NO_IMPORT(u32, __wbg_then_44b73946d2fb3e7d, Imports*, u32, u32)
RT_NO_IMPORT(u32, __wbg_value_cd1ffa7b1ab794f1, Imports*, u32)
RT_NO_IMPORT(void, __wbindgen_bigint_get_as_i64, Imports*, u32, u32)
RT_NO_IMPORT(u32, __wbindgen_cb_drop, Imports*, u32)
RT_NO_IMPORT(u32, __wbindgen_closure_wrapper5675, Imports*, u32, u32, u32)
RT_NO_IMPORT(u32, __wbindgen_memory, Imports*)

}  // extern "C"
