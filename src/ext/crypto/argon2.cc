// See the header.
#include "src/ext/crypto/argon2.h"

#include <argon2.h>

#include "src/base/machine_limits.h"
#include "src/ext/crypto/crypto_ptr.h"

namespace rt {
namespace {

// libargon2 wants pointers to what it may write to; it does only where a flag asks it to.
uint8_t* Pointer(std::span<const uint8_t> bytes) {
  return bytes.empty() ? nullptr : const_cast<uint8_t*>(bytes.data());
}

}  // namespace

Result<SecretBytes> Argon2(const Argon2Spec& spec, std::span<const uint8_t> password,
                           std::span<const uint8_t> nonce, size_t size) {
  // The kernel promises more memory than there is, and ends who touches it.
  if (size_t{spec.memory_kib} * 1024 > ProcessMemoryBound().bytes / 2) {
    return OperationError("Argon2 is asked to use more memory than half of what there is");
  }
  SecretBytes out = SecretBytes::Allocate(size);
  if (!out || !spec.secret) return OperationError("Not enough memory for the bits");
  argon2_context context{};
  context.out = out.data();
  context.outlen = static_cast<uint32_t>(size);
  context.pwd = Pointer(password);
  context.pwdlen = static_cast<uint32_t>(password.size());
  context.salt = Pointer(nonce);
  context.saltlen = static_cast<uint32_t>(nonce.size());
  context.secret = Pointer(spec.secret.span());
  context.secretlen = static_cast<uint32_t>(spec.secret.size());
  context.ad = Pointer(spec.associated_data.span());
  context.adlen = static_cast<uint32_t>(spec.associated_data.size());
  context.t_cost = spec.passes;
  context.m_cost = spec.memory_kib;
  context.lanes = spec.lanes;
  context.threads = 1;
  context.version = ARGON2_VERSION_13;
  context.flags = ARGON2_DEFAULT_FLAGS;
  static_assert(static_cast<int>(Argon2Type::kD) == Argon2_d &&
                static_cast<int>(Argon2Type::kI) == Argon2_i &&
                static_cast<int>(Argon2Type::kId) == Argon2_id);
  const int code = argon2_ctx(&context, static_cast<argon2_type>(spec.type));
  if (code == ARGON2_MEMORY_ALLOCATION_ERROR) {
    return OperationError("Not enough memory for Argon2");
  }
  if (code != ARGON2_OK) {
    return OperationError(std::string("Argon2 refused: ") + argon2_error_message(code));
  }
  return out;
}

}  // namespace rt
