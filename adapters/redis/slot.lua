-- Takes one of a number of slots, or renews it.
--
-- KEYS[1]   a sorted set of holders by the time their slot ends, in ms
-- ARGV[1]   the holder
-- ARGV[2]   how many slots there are
-- ARGV[3]   for how many ms it is taken
-- ARGV[4…]  holders that gave up their slot when nobody could be told
--
-- Returns 1, or 0 when none is free.

local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)

for i = 4, #ARGV do
  redis.call('ZREM', KEYS[1], ARGV[i])
end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now))

if not redis.call('ZSCORE', KEYS[1], ARGV[1])
    and redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[2]) then
  return 0
end
redis.call('ZADD', KEYS[1], string.format('%.0f', now + ARGV[3]), ARGV[1])

-- The key lives as long as its last holder.
local last = redis.call('ZRANGE', KEYS[1], -1, -1, 'WITHSCORES')
redis.call('PEXPIREAT', KEYS[1], string.format('%.0f', last[2]))
return 1
