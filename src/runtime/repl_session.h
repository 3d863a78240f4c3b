// Evaluates what a person types, one input after another, in a runtime: V8's REPL mode through its
// inspector, in the process, without anything listening. Runtime's thread only.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "src/runtime/runtime.h"
#include "src/typescript/transpiler.h"

namespace rt {

class ReplSession {
 public:
  // Starts the runtime's main module, an empty one at `url`, from which imports are resolved.
  // `runtime` outlives it.
  static Result<std::unique_ptr<ReplSession>> Create(Runtime& runtime, const std::string& url);
  ~ReplSession();
  ReplSession(const ReplSession&) = delete;
  ReplSession& operator=(const ReplSession&) = delete;

  enum class Kind : uint8_t {
    kValue,        // `text` shows it
    kThrown,       // `text` shows it, after "Uncaught "
    kInterrupted,  // by Interrupt()
    kEnded,        // the program ended itself: Deno.exit(), a limit
  };
  struct Outcome {
    Kind kind = Kind::kEnded;
    std::string text;
    // It declares a name twice, which inputs may, but no single one. Nothing of it ran.
    bool redeclares = false;
  };
  // TypeScript or JavaScript: statements, `await`, import declarations. Runs the event loop until
  // it is done.
  Outcome Evaluate(const std::string& input);

  enum class Waited : uint8_t {
    kReadable,
    kInterrupted,  // by Interrupt(): what a timer or an event had started
    kPressed,      // Interrupt() was called, and nothing ran
    kEnded,        // the program ended itself
  };
  // Runs the event loop until `fd` can be read. `running` (may be empty) is told before JavaScript
  // may run and after it has: a terminal that takes Ctrl-C as a key has to make it a signal
  // meanwhile.
  Waited WaitForInput(int fd, const std::function<void(bool)>& running = {});
  // Runs the event loop until nothing keeps the program alive, then the program's last events.
  void Finish();
  // What code that nobody waits for threw since the last call; each as Outcome::text has it.
  std::vector<std::string> TakeUncaught();

  // Ends what is being evaluated; if nothing is, the next (or present) WaitForInput says kPressed.
  // False: Finish() has begun, and nobody will wait for input again. Any thread.
  bool Interrupt();

  // Names that may follow `before` (the input up to the cursor); `*start` is where the part to be
  // completed begins. Runs nothing that has an effect: V8 stops it there.
  std::vector<std::string> Complete(std::string_view before, size_t* start);

  int exit_code() const { return exit_code_; }

 private:
  class Inspector;
  explicit ReplSession(Runtime& runtime);

  Result<void> Start(const std::string& url);
  std::string Prepare(const std::string& input);
  Outcome Run(const std::string& code, bool* is_syntax_error);
  std::string CallText(const char* hook, v8::Local<v8::Value> value, bool in_promise);
  std::vector<std::string> PropertiesOf(const std::string& expression);
  std::vector<std::string> GlobalNames();

  Runtime& runtime_;
  v8::Isolate* isolate_;
  v8::Global<v8::Object> hooks_;
  typescript::Transpiler transpiler_;
  std::unique_ptr<Inspector> inspector_;
  std::vector<std::string> uncaught_;
  // From the first to the second Interrupt() terminates what runs. After the second it will not:
  // whether it did is known then.
  void BeginInterruptible();
  void EndInterruptible();

  // Guards what is decided by whether something is evaluated.
  std::mutex interrupt_;
  bool evaluating_ = false;
  bool finishing_ = false;
  std::atomic<bool> interrupted_ = false;
  std::atomic<bool> pressed_ = false;
  std::string url_;
  int exit_code_ = 0;
};

}  // namespace rt
