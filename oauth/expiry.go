package oauth

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Bounds of what an end of a token can be. The platform writes Unix seconds;
// the end of its refresh tokens lies in the year 2123.
const (
	// mostDuration is ten years in seconds: a number below it is no time at which
	// a token ends, but the life that the field's name speaks of.
	mostDuration = 10 * 365 * 24 * 60 * 60
	// mostSeconds is a time in the year 5138: a number beyond it counts in
	// something smaller than seconds.
	mostSeconds = 1e11
	// mostAhead is how far ahead an end is believed.
	mostAhead = 200 * 365 * 24 * time.Hour
)

// expiry is an end of a token as the platform writes it. Nothing that it may be
// makes an answer unreadable: the tokens beside it exist only there.
type expiry struct {
	number float64
	text   string // as it came
}

// UnmarshalJSON implements json.Unmarshaler.
func (e *expiry) UnmarshalJSON(data []byte) error {
	e.text = string(data)
	unquoted := e.text
	if text := ""; json.Unmarshal(data, &text) == nil {
		unquoted = text
	}
	if unquoted == "null" || unquoted == "" {
		e.text = ""
		return nil
	}
	number, err := strconv.ParseFloat(strings.TrimSpace(unquoted), 64)
	if err != nil {
		number = math.NaN()
	}
	e.number = number
	return nil
}

// time returns the end, and what is odd about it, if anything. An end that
// cannot be is assumed to be the life from now; with none it is not known.
func (e expiry) time(now time.Time, assumed time.Duration) (end time.Time, odd string) {
	if e.number == 0 {
		return time.Time{}, ""
	}
	seconds := e.number
	switch {
	case seconds > 0 && seconds < mostDuration:
		return now.Add(time.Duration(seconds) * time.Second).UTC().Truncate(time.Second), e.say("is a number of seconds from now")
	case seconds >= 1e6*mostSeconds:
		seconds, odd = seconds/1e9, "counts in nanoseconds"
	case seconds >= 1e3*mostSeconds:
		seconds, odd = seconds/1e6, "counts in microseconds"
	case seconds >= mostSeconds:
		seconds, odd = seconds/1e3, "counts in milliseconds"
	}
	if seconds > 0 && seconds < float64(now.Add(mostAhead).Unix()) {
		if odd != "" {
			odd = e.say(odd)
		}
		return time.Unix(int64(seconds), 0).UTC(), odd
	}
	if assumed == 0 {
		return time.Time{}, e.say("cannot be; the end is not known")
	}
	return now.Add(assumed).UTC().Truncate(time.Second), e.say(fmt.Sprintf("cannot be; the token is taken to live for %v", assumed))
}

// say returns what is odd about the end, with the start of what came.
func (e expiry) say(what string) string {
	text := e.text
	if len(text) > 40 {
		text = text[:40] + "…"
	}
	return fmt.Sprintf("its end %s %s", text, what)
}
