-- Reads on in a turn's stream.
--
-- KEYS[1]  the stream
-- KEYS[2]  there while the owner lives
-- ARGV[1]  the number of the first event wanted
--
-- Returns {whether the owner lives, 1 or 0; the batches, encoded}.

local batches = {}
for i, entry in ipairs(redis.call('XRANGE', KEYS[1], ARGV[1] .. '-0', '+')) do
  batches[i] = entry[2][2]
end
return {redis.call('EXISTS', KEYS[2]), batches}
