// Every malformed or ambiguous head or body gets exactly one refusal and a close, and what follows
// it on the connection is never taken for a request (security cases S46, S47).
#include "tests/unit/http/server_fixture.h"

namespace rt::http {
namespace {

using std::string_literals::operator""s;

struct BadInput {
  const char* name;
  std::string bytes;
  const char* status;
};

void PrintTo(const BadInput& input, std::ostream* out) {
  *out << input.name;
}

const std::string kNext = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";

const BadInput kBadHeads[] = {
    {"ClAndTe",
     "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: "
     "chunked\r\n\r\n0\r\n\r\n",
     "400"},
    {"TeAndCl",
     "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: "
     "4\r\n\r\n0\r\n\r\n",
     "400"},
    {"LengthTwice", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nContent-Length: 0\r\n\r\n",
     "400"},
    {"LengthTwiceDifferent",
     "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nContent-Length: 5\r\n\r\nhello", "400"},
    {"LengthList", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0, 0\r\n\r\n", "400"},
    {"LengthPlus", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\nhello", "400"},
    {"LengthMinus", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\nhello", "400"},
    {"LengthHex", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x5\r\n\r\nhello", "400"},
    {"LengthSpace", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1 0\r\n\r\nhello", "400"},
    {"LengthEmpty", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\n", "400"},
    {"LengthHuge", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 18446744073709551617\r\n\r\n",
     "400"},
    {"TeUnknown", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", "400"},
    {"TeNotLast", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n",
     "400"},
    {"TeList", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
     "400"},
    {"TeTwiceInOne",
     "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n", "400"},
    {"TeTwice",
     "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: "
     "chunked\r\n\r\n0\r\n\r\n",
     "400"},
    {"TeIdentity", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity\r\n\r\n", "400"},
    {"TeEmpty", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n\r\n", "400"},
    {"TeQuoted", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n",
     "400"},
    {"TeVerticalTab",
     "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \x0b"
     "chunked\r\n\r\n0\r\n\r\n",
     "400"},
    {"TeInOldVersion", "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
     "400"},
    {"SpaceBeforeColon",
     "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n", "400"},
    {"TabBeforeColon",
     "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding\t: chunked\r\n\r\n0\r\n\r\n", "400"},
    {"SpaceInName", "GET / HTTP/1.1\r\nHost: a\r\nX Y: 1\r\n\r\n", "400"},
    {"EmptyName", "GET / HTTP/1.1\r\nHost: a\r\n: 1\r\n\r\n", "400"},
    {"NoColon", "GET / HTTP/1.1\r\nHost: a\r\nnonsense\r\n\r\n", "400"},
    {"NameNotToken", "GET / HTTP/1.1\r\nHost: a\r\nX(y): 1\r\n\r\n", "400"},
    {"NameNotAscii", "GET / HTTP/1.1\r\nHost: a\r\nX\xc3\xa4: 1\r\n\r\n", "400"},
    {"ObsFold", "GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\n folded\r\n\r\n", "400"},
    {"ObsFoldTab", "GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\n\tfolded\r\n\r\n", "400"},
    {"FoldedFirstField", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", "400"},
    {"BareCrInValue", "GET / HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n", "400"},
    {"BareCrEnds", "GET / HTTP/1.1\rHost: a\r\r", "400"},
    {"BareLf", "GET / HTTP/1.1\nHost: a\n\n", "400"},
    {"BareLfInHead", "GET / HTTP/1.1\r\nHost: a\nX: 1\r\n\r\n", "400"},
    {"LastLineBareLf", "GET / HTTP/1.1\r\nHost: a\r\n\n", "400"},
    {"Nul", "GET / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n"s, "400"},
    {"NulInName", "GET / HTTP/1.1\r\nHost: a\r\nX\0: b\r\n\r\n"s, "400"},
    {"Del", "GET / HTTP/1.1\r\nHost: a\r\nX: a\x7f\r\n\r\n", "400"},
    {"NoHost", "GET / HTTP/1.1\r\n\r\n", "400"},
    {"TwoHosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", "400"},
    {"EmptyHost", "GET / HTTP/1.1\r\nHost:\r\n\r\n", "400"},
    {"HostWithPath", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", "400"},
    {"HostWithUser", "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n", "400"},
    {"HostList", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", "400"},
    {"HostPort", "GET / HTTP/1.1\r\nHost: a:99999\r\n\r\n", "400"},
    {"HostBracket", "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", "400"},
    {"TargetRelative", "GET foo HTTP/1.1\r\nHost: a\r\n\r\n", "400"},
    {"TargetOtherScheme", "GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n", "400"},
    {"TargetUser", "GET http://u@a/ HTTP/1.1\r\nHost: a\r\n\r\n", "400"},
    {"TargetNoHost", "GET http:///x HTTP/1.1\r\nHost: a\r\n\r\n", "400"},
    {"TargetFragment", "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n", "400"},
    {"TargetNotAscii", "GET /\xc3\xa4 HTTP/1.1\r\nHost: a\r\n\r\n", "400"},
    {"TargetTab", "GET /\t HTTP/1.1\r\nHost: a\r\n\r\n", "400"},
    {"StarNotOptions", "GET * HTTP/1.1\r\nHost: a\r\n\r\n", "400"},
    {"TwoSpaces", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", "400"},
    {"TrailingSpace", "GET / HTTP/1.1 \r\nHost: a\r\n\r\n", "400"},
    {"LeadingSpace", " GET / HTTP/1.1\r\nHost: a\r\n\r\n", "400"},
    {"NoVersion", "GET /\r\n\r\n", "400"},
    {"LowerCaseVersion", "GET / http/1.1\r\nHost: a\r\n\r\n", "400"},
    {"LongVersion", "GET / HTTP/1.10\r\nHost: a\r\n\r\n", "400"},
    {"Version12", "GET / HTTP/1.2\r\nHost: a\r\n\r\n", "505"},
    {"Version2", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", "505"},
    {"Connect", "CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n", "501"},
    {"UnknownMethodTwoLengths",
     "BREW / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na", "400"},
    {"UnknownMethodBadField", "BREW / HTTP/1.1\r\nHost: a\r\nX Y: 1\r\n\r\n", "400"},
    {"UnknownMethodLineBreak", "BREW\r\n / HTTP/1.1\r\nHost: a\r\n\r\n", "400"},
    {"ConnectWithPath", "CONNECT / HTTP/1.1\r\nHost: a\r\n\r\n", "501"},
    {"MethodNotToken", "G@T / HTTP/1.1\r\nHost: a\r\n\r\n", "400"},
    {"ManyEmptyLines",
     "\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n"
     "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
     "400"},
    {"EmptyLineBareLf", "\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", "400"},
    {"TlsHello", "\x16\x03\x01\x02\x00\x01"s, "400"},
    {"Expectation", "POST / HTTP/1.1\r\nHost: a\r\nExpect: magic\r\nContent-Length: 1\r\n\r\na",
     "417"},
};

class StrictHeads : public ServerTest, public ::testing::WithParamInterface<BadInput> {};

TEST_P(StrictHeads, OneRefusalThenClose) {
  Listen();
  AnswerPlain();
  const std::string answer = Exchange(GetParam().bytes + kNext);
  EXPECT_EQ(answer.substr(0, 12), std::string("HTTP/1.1 ") + GetParam().status) << answer;
  EXPECT_EQ(Count(answer, "HTTP/1.1 "), 1u) << answer;
  EXPECT_NE(answer.find("connection: close\r\n"), std::string::npos);
  EXPECT_TRUE(exchange_closed_);
  EXPECT_EQ(handled_, 0);
}

// The same, one byte at a time: where the input is cut must not matter.
TEST_P(StrictHeads, OneRefusalByteByByte) {
  Listen();
  AnswerPlain();
  Client client(port_);
  for (char c : GetParam().bytes) {
    client.Send({&c, 1});
    Turn();
    client.Receive();
    if (client.closed || !client.received.empty()) break;
  }
  client.Send(kNext);
  ASSERT_TRUE(ExpectClosed(client));
  EXPECT_EQ(client.received.substr(0, 12), std::string("HTTP/1.1 ") + GetParam().status);
  EXPECT_EQ(Count(client.received, "HTTP/1.1 "), 1u) << client.received;
  EXPECT_EQ(handled_, 0);
}

INSTANTIATE_TEST_SUITE_P(Http, StrictHeads, ::testing::ValuesIn(kBadHeads),
                         [](const auto& info) { return std::string(info.param.name); });

// After a chunked head; the handler waits for the whole body.
const BadInput kBadBodies[] = {
    {"SizeEmpty", "\r\nhello\r\n0\r\n\r\n", ""},
    {"SizeNotHex", "g\r\nhello\r\n0\r\n\r\n", ""},
    {"SizePlus", "+5\r\nhello\r\n0\r\n\r\n", ""},
    {"SizeMinus", "-5\r\nhello\r\n0\r\n\r\n", ""},
    {"SizePrefix", "0x5\r\nhello\r\n0\r\n\r\n", ""},
    {"SizeSpaceBefore", " 5\r\nhello\r\n0\r\n\r\n", ""},
    {"SizeSpaceAfter", "5 \r\nhello\r\n0\r\n\r\n", ""},
    {"SizeTab", "5\t\r\nhello\r\n0\r\n\r\n", ""},
    {"SizeOverflow", "10000000000000005\r\nhello\r\n0\r\n\r\n", ""},
    {"SizeBareLf", "5\nhello\r\n0\r\n\r\n", ""},
    {"SizeBareCr", "5\rhello\r\n0\r\n\r\n", ""},
    {"DataTooLong", "5\r\nhello!\r\n0\r\n\r\n", ""},
    {"DataBareLf", "5\r\nhello\n0\r\n\r\n", ""},
    {"DataNoCrlf", "5\r\nhello0\r\n\r\n", ""},
    {"SizeSpaceNoExtension", "5 x\r\nhello\r\n0\r\n\r\n", ""},
    {"SizeOverflowAfterZeros", "00000000000000000010000000000000\r\nhello\r\n0\r\n\r\n", ""},
    {"SizeZerosForEver", std::string(5000, '0') + "5\r\nhello\r\n0\r\n\r\n", ""},
    {"ExtensionEmpty", "5 ; \r\nhello\r\n0\r\n\r\n", ""},
    {"ExtensionBareLf", "5;a=b\nhello\r\n0\r\n\r\n", ""},
    {"ExtensionBareCr", "5;a\rb\r\nhello\r\n0\r\n\r\n", ""},
    {"ExtensionNul", "5;a\0b\r\nhello\r\n0\r\n\r\n"s, ""},
    {"ExtensionsTooLong", "5;" + std::string(5000, 'a') + "\r\nhello\r\n0\r\n\r\n", ""},
    {"TrailerLength", "5\r\nhello\r\n0\r\nContent-Length: 3\r\n\r\n", ""},
    {"TrailerTe", "5\r\nhello\r\n0\r\nTransfer-Encoding: chunked\r\n\r\n", ""},
    {"TrailerHost", "5\r\nhello\r\n0\r\nHost: b\r\n\r\n", ""},
    {"TrailerFold", "5\r\nhello\r\n0\r\nX: 1\r\n y\r\n\r\n", ""},
    {"TrailerNoColon", "5\r\nhello\r\n0\r\nnonsense\r\n\r\n", ""},
    {"TrailerSpace", "5\r\nhello\r\n0\r\nX : 1\r\n\r\n", ""},
    {"TrailerBareLf", "5\r\nhello\r\n0\r\nX: 1\n\r\n", ""},
    {"TrailersTooLong", "5\r\nhello\r\n0\r\nX: " + std::string(9000, 'a') + "\r\n\r\n", ""},
    {"LastChunkNoCrlf", "5\r\nhello\r\n0\r\n", ""},  // kNext is then a malformed trailer
};

class StrictBodies : public ServerTest, public ::testing::WithParamInterface<BadInput> {
 protected:
  // Answers with the whole body; if it fails, tries to answer all the same, which must come too
  // late.
  void AnswerWithBody() {
    handler_ = [this](RequestId id, const Request&) {
      engine_->BufferBody(id);
      engine_->OnBody(id, [this, id] { ready_.push_back(id); });
    };
  }
  void TurnWithBodies() {
    Turn();
    for (RequestId id : std::exchange(ready_, {})) {
      std::string body;
      if (engine_->ReadBody(id, SIZE_MAX, &body) == Engine::BodyRead::kError) ++failed_;
      EXPECT_FALSE(engine_->RespondPlain(id, body));
    }
    engine_->FlushAll();
  }
  std::vector<RequestId> ready_;
  int failed_ = 0;
};

const std::string kChunkedHead = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";

// Known to be bad before the program saw the request: it never does.
TEST_P(StrictBodies, OneRefusalThenClose) {
  Listen();
  AnswerWithBody();
  const std::string answer = Exchange(kChunkedHead + GetParam().bytes + kNext);
  EXPECT_EQ(answer.substr(0, 12), "HTTP/1.1 400") << answer;
  EXPECT_EQ(Count(answer, "HTTP/1.1 "), 1u) << answer;
  EXPECT_TRUE(exchange_closed_);
  EXPECT_EQ(handled_, 0);
  EXPECT_EQ(engine_->requests_in_flight(), 0u);
}

TEST_P(StrictBodies, OneRefusalByteByByteWhileTheProgramReads) {
  Listen();
  AnswerWithBody();
  Client client(port_);
  client.Send(kChunkedHead);
  ASSERT_TRUE(Until([&] { return handled_ == 1; }));
  for (char c : GetParam().bytes + kNext) {
    client.Send({&c, 1});
    TurnWithBodies();
    client.Receive();
    if (client.closed) break;
  }
  for (int i = 0; i < 4000 && !client.closed; ++i) {
    TurnWithBodies();
    client.Receive();
  }
  EXPECT_TRUE(client.closed);
  EXPECT_EQ(client.received.substr(0, 12), "HTTP/1.1 400") << client.received;
  EXPECT_EQ(Count(client.received, "HTTP/1.1 "), 1u) << client.received;
  EXPECT_EQ(handled_, 1);
  EXPECT_EQ(failed_, 1);
  EXPECT_EQ(engine_->requests_in_flight(), 0u);
}

INSTANTIATE_TEST_SUITE_P(Http, StrictBodies, ::testing::ValuesIn(kBadBodies),
                         [](const auto& info) { return std::string(info.param.name); });

struct GoodInput {
  const char* name;
  std::string head;
  const char* target;
  const char* host;
};
void PrintTo(const GoodInput& input, std::ostream* out) {
  *out << input.name;
}
const GoodInput kGood[] = {
    {"Origin", "GET /a?b=c HTTP/1.1\r\nHost: example.com:80\r\n\r\n", "/a?b=c", "example.com:80"},
    {"Absolute", "GET http://other/x HTTP/1.1\r\nHost: a\r\n\r\n", "http://other/x", "other"},
    {"Star", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", "*", "a"},
    {"V6Host", "GET / HTTP/1.1\r\nHost: [::1]:8000\r\n\r\n", "/", "[::1]:8000"},
    {"NoHostInOldVersion", "GET / HTTP/1.0\r\n\r\n", "/", ""},
    {"EmptyLinesBefore", "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", "/", "a"},
    {"UnknownMethod", "BREW / HTTP/1.1\r\nHost: a\r\n\r\n", "/", "a"},
    {"MethodOfAnotherProtocol", "PRI / HTTP/1.1\r\nHost: a\r\n\r\n", "/", "a"},
    {"MethodOfRtsp", "DESCRIBE / HTTP/1.1\r\nHost: a\r\n\r\n", "/", "a"},
    {"MethodInLowerCase", "get / HTTP/1.1\r\nHost: a\r\n\r\n", "/", "a"},
    {"UnknownMethodAbsolute", "M-SEARCH http://b/x HTTP/1.1\r\nHost: a\r\n\r\n", "http://b/x", "b"},
    {"EmptyLineBefore", "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", "/", "a"},
    {"OwsAroundValue", "GET / HTTP/1.1\r\nHost: \t a \t\r\n\r\n", "/", "a"},
    {"TabAfterLength", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\t0 \t \r\n\r\n", "/", "a"},
    {"TabAfterChunked",
     "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\t\r\n\r\n0\r\n\r\n", "/", "a"},
    {"EmptyValue", "GET / HTTP/1.1\r\nHost: a\r\nX:\r\nY: 1\r\n\r\n", "/", "a"},
    {"Latin1Value", "GET / HTTP/1.1\r\nHost: a\r\nX: \xe4\r\n\r\n", "/", "a"},
    {"LooseTarget", "GET /{a}|\"b\" HTTP/1.1\r\nHost: a\r\n\r\n", "/{a}|\"b\"", "a"},
};
class GoodHeads : public ServerTest, public ::testing::WithParamInterface<GoodInput> {};
TEST_P(GoodHeads, ReachTheHandler) {
  Listen();
  std::string target, host;
  handler_ = [&](RequestId id, const Request& request) {
    target = request.target();
    host = request.host();
    engine_->RespondPlain(id, "ok");
  };
  Client client(port_);
  for (char c : GetParam().head) {
    client.Send({&c, 1});
    Turn();
  }
  ASSERT_TRUE(Expect(client, "\r\n\r\nok")) << client.received;
  EXPECT_EQ(target, GetParam().target);
  EXPECT_EQ(host, GetParam().host);
}
INSTANTIATE_TEST_SUITE_P(Http, GoodHeads, ::testing::ValuesIn(kGood),
                         [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace rt::http
