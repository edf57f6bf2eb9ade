// Each script runs as one step that no other process can interrupt. Numbers stay below 10^14, which Lua writes out in
// full.

/** One script, with the names by which Redis and Valkey know it. */
export interface Script {
  readonly text: string;
}

/**
 * Sequences writes to a cache. KEYS: epoch, sequence number, stream, last write of this process. ARGV: epoch, process,
 * channel, then number and JSON of each write. A write that was already sequenced is skipped, so a process may send a
 * write again when it does not know whether it arrived.
 */
export const appendScript: Script = {
  text: `
local epoch = redis.call('GET', KEYS[1])
if epoch ~= ARGV[1] then return 'EPOCH' end
local time = redis.call('TIME')
local at = time[1] * 1000 + math.floor(time[2] / 1000)
local last = tonumber(redis.call('GET', KEYS[4]) or '0')
local lines = { epoch }
for index = 4, #ARGV, 2 do
  local n = tonumber(ARGV[index])
  if ARGV[2] == '-' or n > last then
    local seq = redis.call('INCR', KEYS[2])
    local line = seq .. ' ' .. at .. ' ' .. ARGV[2] .. ' ' .. ARGV[index] .. ' ' .. ARGV[index + 1]
    redis.call('XADD', KEYS[3], seq .. '-0', 'w', line)
    lines[#lines + 1] = line
    last = n
  end
end
if ARGV[2] ~= '-' then redis.call('SET', KEYS[4], last, 'PX', 3600000) end
if #lines > 1 then redis.call('PUBLISH', ARGV[3], table.concat(lines, '\\n')) end
return 'OK'`,
};

/**
 * Reads a cache from a position on, or the whole cache. KEYS: epoch, sequence number, stream, last write, snapshot,
 * number of the snapshot. ARGV: a new epoch, the epoch and number that the process knows, its own content as JSON or
 * ''. If there is no epoch, Redis is new or has lost its data: the first process that asks fills it with its own
 * content.
 */
export const syncScript: Script = {
  text: `
local epoch = redis.call('GET', KEYS[1])
local known = tonumber(ARGV[3])
if not epoch then
  epoch = ARGV[1]
  redis.call('DEL', KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6])
  redis.call('SET', KEYS[1], epoch)
  redis.call('SET', KEYS[2], known)
  if ARGV[4] ~= '' then
    redis.call('SET', KEYS[5], ARGV[4])
    redis.call('SET', KEYS[6], known)
  end
  return { epoch, 'filled' }
end
local seq = tonumber(redis.call('GET', KEYS[2]) or '0')
local last = redis.call('GET', KEYS[4]) or '0'
local function after(number)
  local lines = {}
  for _, entry in ipairs(redis.call('XRANGE', KEYS[3], (number + 1) .. '-0', '+')) do lines[#lines + 1] = entry[2][2] end
  return lines
end
if epoch == ARGV[2] and known <= seq then
  local lines = after(known)
  if #lines == seq - known then return { epoch, 'tail', last, lines } end
end
local number = tonumber(redis.call('GET', KEYS[6]) or '0')
return { epoch, 'whole', last, after(number), redis.call('GET', KEYS[5]) or '' }`,
};

/**
 * Stores the content of a cache at a number and drops much older writes. KEYS: epoch, stream, snapshot, number of the
 * snapshot. ARGV: epoch, number, content, how many writes before the number stay.
 */
export const saveScript: Script = {
  text: `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
local number = tonumber(ARGV[2])
if number <= tonumber(redis.call('GET', KEYS[4]) or '0') then return 0 end
redis.call('SET', KEYS[3], ARGV[3])
redis.call('SET', KEYS[4], ARGV[2])
redis.call('XTRIM', KEYS[2], 'MINID', math.max(1, number + 1 - tonumber(ARGV[4])) .. '-0')
return 1`,
};

/**
 * Publishes an event. KEYS: epoch, number of the last event of all channels, kept events, facts of the channel. ARGV:
 * new epoch, channel, events to keep, milliseconds to keep them or 0, event.
 */
export const publishScript: Script = {
  text: `
local epoch = redis.call('GET', KEYS[1])
if not epoch then
  epoch = ARGV[1]
  redis.call('SET', KEYS[1], epoch)
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local seq = redis.call('INCR', KEYS[2])
local keep, ms = tonumber(ARGV[3]), tonumber(ARGV[4])
local life = 604800000
if ms > life then life = ms end
if keep > 0 then
  local before = redis.call('HGET', KEYS[4], 'seq') or '0'
  redis.call('XADD', KEYS[3], 'MAXLEN', keep, seq .. '-0', 't', now, 'p', before, 'e', ARGV[5])
  redis.call('PEXPIRE', KEYS[3], life)
else
  redis.call('DEL', KEYS[3])
end
redis.call('HSET', KEYS[4], 'seq', seq, 'ms', ms)
redis.call('PEXPIRE', KEYS[4], life)
redis.call('PUBLISH', ARGV[2], epoch .. '-' .. seq .. ' ' .. ARGV[5])
return epoch .. '-' .. seq`,
};

/**
 * Reads the kept events of a channel. KEYS: as above. ARGV: epoch and number after which to read, '1' if an empty
 * result does not count as a gap.
 */
export const historyScript: Script = {
  text: `
local epoch = redis.call('GET', KEYS[1])
local top = tonumber(redis.call('GET', KEYS[2]) or '0')
local after = tonumber(ARGV[2])
if epoch ~= ARGV[1] or after < 0 or after > top then return { 'gap' } end
local last = redis.call('HGET', KEYS[4], 'seq')
if not last then return { ARGV[3] == '1' and 'ok' or 'gap' } end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local ms = tonumber(redis.call('HGET', KEYS[4], 'ms') or '0')
local found = { 'ok' }
for _, entry in ipairs(redis.call('XRANGE', KEYS[3], (after + 1) .. '-0', '+')) do
  local fields = entry[2]
  if ms == 0 or now - tonumber(fields[2]) < ms then
    if #found == 1 and tonumber(fields[4]) > after then return { 'gap' } end
    found[#found + 1] = epoch .. '-' .. string.match(entry[1], '^%d+') .. ' ' .. fields[6]
  end
end
if #found == 1 and tonumber(last) > after then return { 'gap' } end
return found`,
};

/** The position of the last event of all channels. KEYS: epoch, number. ARGV: new epoch. */
export const tipScript: Script = {
  text: `
local epoch = redis.call('GET', KEYS[1])
if not epoch then
  epoch = ARGV[1]
  redis.call('SET', KEYS[1], epoch)
end
return epoch .. '-' .. (redis.call('GET', KEYS[2]) or '0')`,
};

/** Counts in a window. KEYS: counter. ARGV: milliseconds. */
export const countScript: Script = {
  text: `
local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return { count, redis.call('PTTL', KEYS[1]) }`,
};

/** Takes or renews a lease. KEYS: lease. ARGV: holder, milliseconds. */
export const acquireScript: Script = {
  text: `
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1`,
};

/** Gives a lease back. KEYS: lease. ARGV: holder. */
export const releaseScript: Script = {
  text: `if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end return 1`,
};

/**
 * Reports that a process is alive, and finds processes that are not. KEYS: processes. ARGV: process, milliseconds,
 * channel.
 */
export const aliveScript: Script = {
  text: `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZADD', KEYS[1], now, ARGV[1])
for _, lost in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[2])) do
  redis.call('ZREM', KEYS[1], lost)
  redis.call('PUBLISH', ARGV[3], lost)
end
return 1`,
};
