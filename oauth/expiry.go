package oauth

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Bounds on the expiry of a token. The platform writes Unix seconds; its refresh
// tokens expire in the year 2123.
const (
	// mostDuration is ten years in seconds: a number below it is not a time at
	// which a token ends, but its lifetime, as the field's name suggests.
	mostDuration = 10 * 365 * 24 * 60 * 60
	// mostSeconds is a time in the year 5138: a number beyond it counts in a
	// unit smaller than seconds.
	mostSeconds = 1e11
	// mostAhead is how far ahead an end is believed.
	mostAhead = 200 * 365 * 24 * time.Hour
)

// expiry is the end of a token as the platform writes it. No value makes the
// answer unreadable, since the tokens beside it exist nowhere else.
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

// time returns the end, and what is odd about it, if anything. An impossible end
// is taken to be the assumed life from now, or as unknown if that is zero.
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
		return time.Time{}, e.say("is impossible; the end is unknown")
	}
	return now.Add(assumed).UTC().Truncate(time.Second), e.say(fmt.Sprintf("is impossible; a life of %v is assumed", assumed))
}

// say returns what is odd about the end, with the start of what came.
func (e expiry) say(what string) string {
	text := e.text
	if len(text) > 40 {
		text = text[:40] + "…"
	}
	return fmt.Sprintf("its end %s %s", text, what)
}
