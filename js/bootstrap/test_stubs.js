// Deno.test and Deno.bench of a program that is not run by `rt test` or `rt bench`: they register nothing, as in
// Deno. The real ones (js/testing) take their place there.

function nothing() {}

/** Does nothing outside `rt test`. */
export function test() {}
test.ignore = nothing;
test.only = nothing;
test.beforeAll = nothing;
test.beforeEach = nothing;
test.afterEach = nothing;
test.afterAll = nothing;

/** Does nothing outside `rt bench`. */
export function bench() {}
bench.ignore = nothing;
bench.only = nothing;
