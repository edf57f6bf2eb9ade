/**
 * The size of a test that can run for a second or for half an hour: a soak, thousands of random cases, a load of many
 * packages. `npm run test:long` takes the full size, every other run the sample.
 */
export function scale<T>(sizes: { readonly sample: T; readonly full: T }): T {
  return process.env.TEST_LONG === "1" ? sizes.full : sizes.sample;
}
