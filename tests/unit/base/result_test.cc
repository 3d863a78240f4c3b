// Result<T>: which half is there, how errors travel through RT_TRY, and that misuse stops the
// process.
#include "src/base/result.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace rt {
namespace {

Result<int> Half(int number) {
  if (number % 2 != 0) return Error::Type("odd: " + std::to_string(number));
  return number / 2;
}
Result<int> Quarter(int number) {
  RT_TRY(const int half, Half(number));
  RT_TRY(const int quarter, Half(half));
  return quarter;
}
Result<void> MustBeEven(int number) {
  RT_TRY_VOID(Half(number));
  return {};
}

TEST(Result, HoldsAValueOrAnError) {
  Result<int> good = Half(8);
  ASSERT_TRUE(good.ok());
  EXPECT_TRUE(static_cast<bool>(good));
  EXPECT_EQ(*good, 4);
  Result<int> bad = Half(7);
  ASSERT_FALSE(bad.ok());
  EXPECT_EQ(bad.error().message, "odd: 7");
  EXPECT_EQ(bad.error().error_class, ErrorClass::kTypeError);
}

TEST(Result, TryPassesTheFirstErrorOn) {
  EXPECT_EQ(*Quarter(12), 3);
  EXPECT_EQ(Quarter(5).error().message, "odd: 5");
  EXPECT_EQ(Quarter(6).error().message, "odd: 3");
  EXPECT_TRUE(MustBeEven(2).ok());
  EXPECT_EQ(MustBeEven(3).error().message, "odd: 3");
}

TEST(Result, MovesValuesThatCannotBeCopied) {
  Result<std::unique_ptr<int>> made = std::make_unique<int>(5);
  std::unique_ptr<int> taken = std::move(made).value();
  EXPECT_EQ(*taken, 5);
  Result<std::unique_ptr<int>> failed = Error::Range("no");
  EXPECT_EQ(failed.TakeError().message, "no");
}

TEST(Result, IsOneWordLargerThanItsValue) {
  EXPECT_LE(sizeof(Result<void*>), 2 * sizeof(void*));
  EXPECT_EQ(sizeof(Result<void>), sizeof(void*));
}

TEST(ResultDeathTest, ReadingTheWrongHalfIsABugInRt) {
  EXPECT_DEATH((void)Half(7).value(), "internal check failed: ok\\(\\)");
  EXPECT_DEATH((void)Half(8).error(), "internal check failed: !ok\\(\\)");
  EXPECT_DEATH((void)Result<void>().error(), "internal check failed");
}

}  // namespace
}  // namespace rt
