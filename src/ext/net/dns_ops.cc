// The op of Deno.resolveDns.
#include "src/ext/io/io.h"
#include "src/ext/net/dns_query.h"
#include "src/ext/net/net.h"
#include "src/op/op.h"

namespace rt {

struct DnsQuestion {
  std::string name;
  std::string type;
  std::optional<HostPortRaw> server;
};
RT_STRUCT(DnsQuestion, RT_FIELD(name), RT_FIELD(type), RT_FIELD(server))

namespace {

// What Deno's `recordType` may be, in its words; resolveDns answers about a dozen of them.
constexpr std::string_view kTypeNames[] = {
    "A",          "AAAA",  "ANAME", "ANY",    "AXFR",    "CAA",   "CDS",        "CDNSKEY",
    "CERT",       "CNAME", "CSYNC", "DNSKEY", "DS",      "HINFO", "HTTPS",      "IXFR",
    "KEY",        "MX",    "NAPTR", "NS",     "NSEC",    "NSEC3", "NSEC3PARAM", "NULL",
    "OPENPGPKEY", "OPT",   "PTR",   "RRSIG",  "SIG",     "SOA",   "SRV",        "SSHFP",
    "SVCB",       "TLSA",  "TSIG",  "TXT",    "Unknown", "ZERO",
};

Error NoSuchType(const std::string& type) {
  std::string names;
  for (const std::string_view name : kTypeNames) {
    if (name == type) {
      return Error::Make(ErrorClass::kNotSupported, "Provided record type is not supported");
    }
    names.append(names.empty() ? "`" : ", `").append(name).append("`");
  }
  return Error::Type("unknown variant `" + type + "`, expected one of " + names);
}

Task<Result<std::vector<DnsRecord>>> op_dns_resolve(OpContext& cx, DnsQuestion question,
                                                    std::optional<Ref<CancelHandle>> cancel) {
  const std::optional<uint16_t> type = DnsTypeNumber(question.type);
  if (!type) co_return NoSuchType(question.type);
  std::vector<HostPortRaw> servers;
  if (question.server) {
    servers.push_back(std::move(*question.server));
  } else {
    RT_CO_TRY(servers, SystemDnsServers());
  }
  GrantedDnsServers granted;
  for (HostPortRaw& server : servers) {
    RT_CO_TRY(auto one, GrantAccess::CheckNet(cx.permissions(), std::move(server), cx.op_name()));
    granted.push_back(std::move(one));
  }
  CancelToken token;
  if (cancel) token = (*cancel)->token();
  co_return co_await QueryDns(cx.loop(), std::move(granted), std::move(question.name), *type,
                              std::move(token));
}

constexpr std::array kOps = {
    RT_OP(op_dns_resolve,
          InBody<"without a chosen server those of the system are asked", Perm::kNet>),
};
static_assert(UniqueNames(kOps));

}  // namespace

Extension DnsExtension() {
  return {.name = "dns", .ops = kOps};
}

}  // namespace rt
