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
if epoch ~= ARGV[1] or redis.call('EXISTS', KEYS[2]) == 0 then return 'EPOCH' end
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

// A server that is full may drop single keys (maxmemory-policy allkeys-*). The content of a cache is complete if its
// snapshot exists, and the stream has each write after the snapshot.
const isComplete = `
local function isComplete(seq, stream, snapshot, number)
  local stored = tonumber(redis.call('GET', number) or '0')
  if stored > 0 and redis.call('EXISTS', snapshot) == 0 then return false end
  if seq <= stored then return true end
  local first = redis.call('XRANGE', stream, '-', '+', 'COUNT', 1)[1]
  local last = redis.call('XREVRANGE', stream, '+', '-', 'COUNT', 1)[1]
  if not first then return false end
  return tonumber(string.match(first[1], '^%d+')) <= stored + 1 and tonumber(string.match(last[1], '^%d+')) == seq
end`;

/**
 * Looks at a cache. KEYS: epoch, sequence number, stream, snapshot, number of the snapshot. Returns the epoch, the
 * sequence number, and 1 if the content is complete.
 */
export const stateScript: Script = {
  text: `${isComplete}
local epoch, seq = redis.call('GET', KEYS[1]), redis.call('GET', KEYS[2])
if not epoch or not seq then return { '', '0', 0 } end
return { epoch, seq, isComplete(tonumber(seq), KEYS[3], KEYS[4], KEYS[5]) and 1 or 0 }`,
};

/**
 * Reads a cache from a position on, or the whole cache. KEYS: epoch, sequence number, stream, last write, snapshot,
 * number of the snapshot. ARGV: a new epoch, the epoch and number that the process knows, its own content as JSON or
 * '', channel, a message for the channel, '1' if the process does not wait for others. Without an epoch or a sequence
 * number, Redis is new or has lost its data: the first process that has the content fills it. If another part is lost,
 * a process that has all writes since its last one stores its content again. A process that cannot do this asks the
 * others on the channel, and gets 'wait' and their number.
 */
export const syncScript: Script = {
  text: `${isComplete}
local epoch, seq = redis.call('GET', KEYS[1]), tonumber(redis.call('GET', KEYS[2]))
local known = tonumber(ARGV[3])
local complete = seq and isComplete(seq, KEYS[3], KEYS[5], KEYS[6])
local current = epoch == ARGV[2] and seq and known <= seq
local function fill()
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
local function ask()
  return { epoch or '', 'wait', redis.call('PUBLISH', ARGV[5], ARGV[6]) - 1 }
end
if not epoch or not seq then
  if ARGV[4] ~= '' or ARGV[7] == '1' then return fill() end
  return ask()
end
local last = redis.call('GET', KEYS[4]) or '0'
local function after(number)
  local lines = {}
  for _, entry in ipairs(redis.call('XRANGE', KEYS[3], (number + 1) .. '-0', '+')) do lines[#lines + 1] = entry[2][2] end
  return lines
end
if current then
  local lines = after(known)
  if #lines == seq - known then
    if not complete and ARGV[4] ~= '' then
      redis.call('SET', KEYS[5], ARGV[4])
      redis.call('SET', KEYS[6], known)
    end
    return { epoch, 'tail', last, lines }
  end
end
if not complete then
  if ARGV[7] == '1' then return fill() end
  return ask()
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
if not epoch or redis.call('EXISTS', KEYS[2]) == 0 then
  epoch = ARGV[1]
  redis.call('SET', KEYS[1], epoch)
  redis.call('SET', KEYS[2], 0)
end
if redis.call('HGET', KEYS[4], 'epoch') ~= epoch then redis.call('DEL', KEYS[3], KEYS[4]) end
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
redis.call('HSET', KEYS[4], 'epoch', epoch, 'seq', seq, 'ms', ms)
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
if not last or redis.call('HGET', KEYS[4], 'epoch') ~= epoch then return { ARGV[3] == '1' and 'ok' or 'gap' } end
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
if not epoch or redis.call('EXISTS', KEYS[2]) == 0 then
  epoch = ARGV[1]
  redis.call('SET', KEYS[1], epoch)
  redis.call('SET', KEYS[2], 0)
end
return epoch .. '-' .. redis.call('GET', KEYS[2])`,
};

/** Counts in a window. KEYS: counter. ARGV: milliseconds. */
export const countScript: Script = {
  text: `
local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return { count, redis.call('PTTL', KEYS[1]) }`,
};

/**
 * Takes or renews a lease. KEYS: lease. ARGV: holder, milliseconds. Returns the milliseconds for which another process
 * still holds it, 0 if it is granted, and -1 if it is granted because its holder gave it back.
 */
export const acquireScript: Script = {
  text: `
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= '' and holder ~= ARGV[1] then return math.max(1, redis.call('PTTL', KEYS[1])) end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return holder == '' and -1 or 0`,
};

/**
 * Gives a lease back. KEYS: lease. ARGV: holder. The lease keeps its key, without a holder: a lease without a key has
 * expired, or the server has lost it.
 */
export const releaseScript: Script = {
  text: `
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('SET', KEYS[1], '', 'KEEPTTL') end
return 1`,
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
