// What a script may learn and change about its own permissions. Nothing here can widen them without
// a person answering at the terminal.
#include "src/ext/permissions/permissions.h"
#include "src/op/op.h"

namespace rt {
namespace {

// state: "granted", "prompt" or "denied".
struct StatusValue {
  std::string state;
  bool partial;
};
RT_STRUCT(StatusValue, RT_FIELD(state), RT_FIELD(partial))

StatusValue ToValue(const PermStatus& status) {
  return {.state = std::string(PermStateName(status.state)), .partial = status.partial};
}

Result<Perm> ParseName(std::string_view name) {
  if (const auto perm = PermFromName(name)) return *perm;
  return Error::Type("The provided value \"" + std::string(name) +
                     "\" is not a valid permission name");
}

// `target` is the path, host, variable, … of the descriptor, if it has one.
Result<StatusValue> op_permissions_query(OpContext& cx, std::string name,
                                         std::optional<std::string> target) {
  RT_TRY(const Perm perm, ParseName(name));
  RT_TRY(const PermStatus status, cx.permissions().Query(perm, target));
  return ToValue(status);
}

// May block on the terminal.
Result<StatusValue> op_permissions_request(OpContext& cx, std::string name,
                                           std::optional<std::string> target) {
  RT_TRY(const Perm perm, ParseName(name));
  RT_TRY(const PermStatus status, cx.permissions().Request(perm, target));
  return ToValue(status);
}

Result<StatusValue> op_permissions_revoke(OpContext& cx, std::string name,
                                          std::optional<std::string> target) {
  RT_TRY(const Perm perm, ParseName(name));
  RT_TRY(const PermStatus status, cx.permissions().Revoke(perm, target));
  cx.host().TellRevoked(perm, target);
  return ToValue(status);
}

constexpr std::array kOps = {
    RT_OP(op_permissions_query, NoPerm<"tells the script what it may do">),
    RT_OP(op_permissions_request, NoPerm<"asks the person at the terminal">),
    RT_OP(op_permissions_revoke, NoPerm<"gives up a permission">),
};
static_assert(UniqueNames(kOps));

}  // namespace

Extension PermissionsExtension() {
  return {.name = "permissions", .ops = kOps};
}

}  // namespace rt
