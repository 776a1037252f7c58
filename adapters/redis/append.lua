-- Adds a batch of events to a turn's stream, and says that the turn's owner lives.
--
-- KEYS[1]  the stream; the id of a batch is the number of its last event
-- KEYS[2]  there while the owner lives
-- KEYS[3]  there when somebody asked to stop
-- ARGV[1]  for how many seconds the owner is taken to live
-- ARGV[2]  for how many seconds the events are kept
-- ARGV[3]  the number of the first event     (this and the rest: only with events)
-- ARGV[4]  the number of the last event
-- ARGV[5]  the events, encoded
--
-- Returns whether to stop, 1 or 0.

redis.call('SET', KEYS[2], '', 'EX', ARGV[1])
-- Only a turn's first events make its key. Later ones are dropped when it is gone: they have a
-- gap before them now, and after an erasure they must not bring text back.
if ARGV[3] and (ARGV[3] == '1' or redis.call('EXISTS', KEYS[1]) == 1) then
  local added = redis.pcall('XADD', KEYS[1], ARGV[4] .. '-0', 'events', ARGV[5])
  -- A batch that is there already, sent again because its answer was lost, is not an error.
  if type(added) == 'table' and added.err and not string.find(added.err, 'equal or smaller') then
    return added
  end
  redis.call('EXPIRE', KEYS[1], ARGV[2])
end
return redis.call('EXISTS', KEYS[3])
