// The ops of WebSocket: from a connection that was upgraded to messages. Which events there are and
// what they do to a WebSocket object is js/ext/websocket.
#include "src/ext/websocket/socket_connection.h"
#include "src/ext/websocket/websocket.h"
#include "src/loop/pending.h"
#include "src/op/op.h"
#include "src/resource/upgraded_stream.h"
#include "src/websocket/handshake.h"
#include "src/websocket/utf8.h"

namespace rt {

struct WebSocketAnswer {
  std::string accept;
  std::string extensions;  // empty: none
};
RT_STRUCT(WebSocketAnswer, RT_FIELD(accept), RT_FIELD(extensions))

namespace {

constexpr uint32_t kMaxFrameString = 1u << 29;

SocketHub& Hub(OpContext& cx) {
  return cx.State<SocketHub>();
}

// --- handshake -----------------------------------------------------------------------------------

bool op_ws_has_token(OpContext& cx, std::string field, std::string token) {
  return ws::HasToken(field, token);
}

std::string op_ws_make_key(OpContext& cx) {
  return ws::MakeKey();
}

// What a server answers to a client's key and extensions.
Result<WebSocketAnswer> op_ws_answer(OpContext& cx, std::string key, std::string extensions) {
  if (!ws::IsKey(key)) {
    return Error::Type("Invalid Header: 'sec-websocket-key' header is not a valid key");
  }
  WebSocketAnswer answer{ws::AcceptKey(key), {}};
  if (const auto params = ws::AcceptDeflateOffer(extensions)) {
    answer.extensions = ws::DeflateAnswer(*params);
  }
  return answer;
}

Result<Rid> Open(OpContext& cx, UpgradedStream& upgraded, SocketOptions options) {
  Ref<StreamResource> stream = upgraded.TakeStream();
  if (!stream) return Error::BadResource();
  auto socket = MakeResource<SocketConnection>(Hub(cx), std::move(stream), options);
  RT_TRY(const Rid rid, cx.resources().Add(socket));
  socket->Start(rid, upgraded.TakeReceived());
  return rid;
}

// `extensions`: what op_ws_answer gave. The rid of the upgraded stream is gone after it.
Result<Rid> op_ws_open_server(OpContext& cx, Ref<UpgradedStream> upgraded, uint32_t stream_rid,
                              std::string extensions, double idle_timeout_ms) {
  RT_TRY_VOID(cx.resources().Take(stream_rid));
  SocketOptions options{.role = ws::Role::kServer};
  options.idle_timeout_ms = static_cast<uint64_t>(idle_timeout_ms);
  if (!extensions.empty()) options.deflate = ws::AcceptDeflateOffer(extensions);
  return Open(cx, *upgraded, options);
}

// Checks what the server answered to `key` (RFC 6455 section 4.1).
Result<Rid> op_ws_open_client(OpContext& cx, Ref<UpgradedStream> upgraded, uint32_t stream_rid,
                              std::string key, std::string accept, std::string extensions) {
  RT_TRY_VOID(cx.resources().Take(stream_rid));
  SocketOptions options{.role = ws::Role::kClient};
  const ws::DeflateReply reply = ws::ReadDeflateAnswer(extensions);
  const bool accepted = accept == ws::AcceptKey(key);
  if (!accepted || reply.kind == ws::AnswerKind::kInvalid) {
    upgraded->Close();
    return Error::Type(accepted ? "the server chose an extension that was not offered"
                                : "invalid 'sec-websocket-accept' in the server's answer");
  }
  if (reply.kind == ws::AnswerKind::kDeflate) options.deflate = reply.params;
  return Open(cx, *upgraded, options);
}

// --- sending -------------------------------------------------------------------------------------

Result<void> op_ws_send_text(OpContext& cx, Ref<SocketConnection> socket,
                             v8::Local<v8::String> text) {
  v8::Isolate* isolate = cx.isolate();
  if (text->IsOneByte()) {
    // Most text is ASCII, and goes from V8's memory into the frame.
    const v8::String::ValueView view(isolate, text);
    if (view.is_one_byte() && view.length() <= kMaxFrameString) {
      const std::string_view bytes(reinterpret_cast<const char*>(view.data8()), view.length());
      if (ws::Utf8Check::IsAscii(bytes)) {
        socket->SendInPlace(ws::Opcode::kText, bytes.size(), [bytes](char* room) {
          if (!bytes.empty()) std::memcpy(room, bytes.data(), bytes.size());
        });
        return {};
      }
    }
  }
  const size_t size = text->Utf8LengthV2(isolate);
  if (size > kMaxFrameString) return Error::Range("The message is too long");
  socket->SendInPlace(ws::Opcode::kText, size, [&](char* room) {
    text->WriteUtf8V2(isolate, room, size, v8::String::WriteFlags::kReplaceInvalidUtf8);
  });
  return {};
}

void op_ws_send_binary(OpContext& cx, Ref<SocketConnection> socket, std::span<uint8_t> bytes) {
  socket->SendInPlace(ws::Opcode::kBinary, bytes.size(), [bytes](char* room) {
    if (!bytes.empty()) std::memcpy(room, bytes.data(), bytes.size());
  });
}

Result<void> op_ws_close(OpContext& cx, Ref<SocketConnection> socket, uint32_t code,
                         std::string reason) {
  const bool bare = code == ws::kNoStatus;
  if ((!bare && (code > 4999 || !ws::MayBeSent(static_cast<uint16_t>(code)))) ||
      reason.size() > ws::kMaxCloseReason) {
    return Error::Type("Invalid close code or reason");
  }
  socket->StartClose(static_cast<uint16_t>(code), reason);
  return {};
}

double op_ws_buffered(OpContext& cx, Ref<SocketConnection> socket) {
  return static_cast<double>(socket->buffered());
}

void op_ws_set_paused(OpContext& cx, Ref<SocketConnection> socket, bool paused) {
  socket->SetPaused(paused);
}

// Once more is welcome; at once if the connection is over.
Task<Result<bool>> op_ws_drained(OpContext& cx, Ref<SocketConnection> socket) {
  Pending<bool> drained;
  socket->OnDrained(drained.Callback());
  co_return co_await drained.Wait();
}

// --- events --------------------------------------------------------------------------------------

// The next event of any connection: 8 times its rid, plus its kind. 0: there is none.
double op_ws_take(OpContext& cx) {
  SocketHub& hub = Hub(cx);
  if (!hub.Next()) return 0;
  const SocketEvent& event = hub.current();
  event.socket->EventTaken(event);
  return event.socket->rid() * 8.0 + static_cast<double>(event.kind);
}

// What the event that was taken brings, once: text is a string, bytes are an ArrayBuffer.
v8::MaybeLocal<v8::Value> op_ws_data(OpContext& cx) {
  SocketHub& hub = Hub(cx);
  const std::string_view payload = hub.payload();
  v8::Local<v8::Value> value;
  if (hub.current().kind == SocketEventKind::kBinary) {
    auto buffer = v8::ArrayBuffer::New(cx.isolate(), payload.size());
    if (!payload.empty()) std::memcpy(buffer->Data(), payload.data(), payload.size());
    value = buffer;
  } else {
    v8::Local<v8::String> text;
    const int size = static_cast<int>(payload.size());
    const bool made = hub.current().ascii
                          ? v8::String::NewFromOneByte(
                                cx.isolate(), reinterpret_cast<const uint8_t*>(payload.data()),
                                v8::NewStringType::kNormal, size)
                                .ToLocal(&text)
                          : v8::String::NewFromUtf8(cx.isolate(), payload.data(),
                                                    v8::NewStringType::kNormal, size)
                                .ToLocal(&text);
    if (!made) return {};
    value = text;
  }
  hub.DropPayload();
  return value;
}

// Of a close event: twice its code, plus 1 if it was clean.
uint32_t op_ws_close_code(OpContext& cx) {
  const SocketEvent& event = Hub(cx).current();
  return event.code * 2u + (event.clean ? 1 : 0);
}

constexpr char kWords[] = "pure function of text";
constexpr char kArrived[] = "what connections of this program received";

constexpr std::array kOps = {
    RT_OP(op_ws_has_token, NoPerm<kWords>), RT_OP(op_ws_make_key, NoPerm<"random bytes">),
    RT_OP(op_ws_answer, NoPerm<kWords>),    RT_OP(op_ws_open_server, OnResource),
    RT_OP(op_ws_open_client, OnResource),   RT_OP(op_ws_send_text, OnResource),
    RT_OP(op_ws_send_binary, OnResource),   RT_OP(op_ws_close, OnResource),
    RT_OP(op_ws_buffered, OnResource),      RT_OP(op_ws_set_paused, OnResource),
    RT_OP(op_ws_drained, OnResource),       RT_OP(op_ws_take, NoPerm<kArrived>, Fast::kRequire),
    RT_OP(op_ws_data, NoPerm<kArrived>),    RT_OP(op_ws_close_code, NoPerm<kArrived>),
};
static_assert(UniqueNames(kOps));

}  // namespace

Extension WebSocketExtension() {
  return {.name = "websocket", .ops = kOps, .make_state = [](OpHost& host) {
            return std::unique_ptr<ExtensionState>(std::make_unique<SocketHub>(host));
          }};
}

}  // namespace rt
