-- Counts one request against several moving windows, or refuses it and counts nothing.
--
-- KEYS[1]          a set of the lengths of all windows in use, in seconds
-- KEYS[i + 1]      check i: a list of the moments of the requests in its window, oldest first, in µs
-- ARGV[2 * i - 1]  its amount
-- ARGV[2 * i]      its window in seconds
--
-- Returns "allowed, i of the tightest check, its remaining, µs until it is empty, µs until retry",
-- as one string: five numbers in an array take the client longer to read.

local clock = redis.call('TIME')
local time = clock[1] * 1000000 + clock[2]
local checks = #KEYS - 1

-- How many of the `count` moments at `key` are at or before `horizon`.
local function expired(key, count, horizon)
  local low, high = 0, count
  while low < high do
    local middle = math.floor((low + high) / 2)
    if tonumber(redis.call('LINDEX', key, middle)) <= horizon then
      low = middle + 1
    else
      high = middle
    end
  end
  return low
end

local counts, nows = {}, {}
local refused, remaining, reset, retry = 0, 0, 0, -1

for i = 1, checks do
  local key = KEYS[i + 1]
  local amount = tonumber(ARGV[2 * i - 1])
  local window = ARGV[2 * i] * 1000000
  local now = time
  local count = redis.call('LLEN', key)
  local newest

  if count > 0 then
    newest = tonumber(redis.call('LINDEX', key, -1))
    if newest > time + window then
      -- The server's clock was set back by more than a window: no use waiting for that moment.
      redis.call('DEL', key)
      count, newest = 0, nil
    else
      -- Set back by less: time stands still until it has caught up, and the order is kept.
      now = math.max(time, newest)
      if tonumber(redis.call('LINDEX', key, 0)) <= now - window then
        local gone = expired(key, count, now - window)
        redis.call('LTRIM', key, gone, -1)
        count = count - gone
      end
    end
  end
  counts[i], nows[i] = count, now

  if count >= amount then
    -- There is room again when the amount-th latest request leaves the window.
    local wait = window
    if amount > 0 then
      wait = tonumber(redis.call('LINDEX', key, count - amount)) + window - now
    end
    if wait > retry then
      refused, retry = i, wait
      reset = 0
      if count > 0 then
        reset = newest + window - now
      end
    end
  end
end

local function answer(...)
  return string.format('%d %d %d %.0f %.0f', ...)
end

if refused > 0 then
  return answer(0, refused, 0, reset, retry)
end

local tightest, pushed = 1, {}
for i = 1, checks do
  local key = KEYS[i + 1]
  local left = tonumber(ARGV[2 * i - 1]) - counts[i] - 1
  if i == 1 or left < remaining then
    tightest, remaining = i, left
  end
  -- One key may stand in several checks with the same window: it is still one request.
  if not pushed[key] then
    pushed[key] = true
    redis.call('RPUSH', key, string.format('%.0f', nows[i]))
    redis.call('PEXPIRE', key, ARGV[2 * i] * 1000 + math.ceil((nows[i] - time) / 1000))
    if counts[i] == 0 then
      redis.call('SADD', KEYS[1], ARGV[2 * i])
    end
  end
end
return answer(1, tightest, remaining, ARGV[2 * tightest] * 1000000, 0)
