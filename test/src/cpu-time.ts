/**
 * The milliseconds of CPU that this process takes for a function. Unlike the time on a clock, they do not grow while
 * other processes have the CPU, so a test can hold a bound on a busy machine.
 */
export function cpuTime(run: () => void): number;
export function cpuTime(run: () => Promise<void>): Promise<number>;
export function cpuTime(run: () => void | Promise<void>): number | Promise<number> {
  const before = process.cpuUsage();
  const since = (): number => {
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  };
  const result = run();
  return result instanceof Promise ? result.then(since) : since();
}
