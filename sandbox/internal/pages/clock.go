package pages

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
)

// pickerTime is the form in which browsers send a day and a time.
const pickerTime = "2006-01-02T15:04:05"

type clockData struct {
	Now    time.Time
	Real   time.Time
	Frozen bool
	Offset string // from the real time; "" where there is none
	Seed   uint64
	Picker string
}

func (s *Site) clockView(*http.Request) view {
	now, source := s.Clock.Now(), s.Clock.Source()
	data := clockData{
		Now: now, Real: source, Frozen: s.Clock.Frozen(), Seed: s.State.Load().World.Seed,
		Picker: now.UTC().Format(pickerTime),
	}
	if off := now.Sub(source); off > time.Second || off < -time.Second {
		data.Offset = strings.TrimPrefix(strings.TrimSuffix(distance(off), " ago"), "in ")
		if off < 0 {
			data.Offset += " behind"
		} else {
			data.Offset += " ahead"
		}
	}
	return view{template: "clock", title: "Clock", data: data}
}

// readDuration reads a duration in the notation of Go, with d for days as well.
func readDuration(text string) (time.Duration, error) {
	text = strings.ReplaceAll(text, " ", "")
	if days, rest, ok := strings.Cut(text, "d"); ok {
		n, err := strconv.ParseFloat(days, 64)
		if err == nil && n > -40000 && n < 40000 {
			more := time.Duration(0)
			if rest != "" {
				more, err = time.ParseDuration(rest)
			}
			if err == nil {
				return time.Duration(n*24*float64(time.Hour)) + more, nil
			}
		}
	} else if d, err := time.ParseDuration(text); err == nil {
		return d, nil
	}
	return 0, fmt.Errorf("%q is not a duration; write it as 90m, 36h or 2d", text)
}

// readTime reads what a picker for day and time sends, as UTC, or Unix seconds.
func readTime(text string) (time.Time, error) {
	text = strings.TrimSpace(text)
	if seconds, err := strconv.ParseInt(text, 10, 64); err == nil {
		return time.Unix(seconds, 0), nil
	}
	for _, layout := range []string{pickerTime, "2006-01-02T15:04", time.RFC3339} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is not a time; write it as 2026-05-04T12:00:00, in UTC, or as Unix seconds", text)
}

// changeClock moves or stops the clock, or makes a new world.
func (s *Site) changeClock(r *http.Request) (string, error) {
	change := map[string]any{}
	switch r.PostFormValue("action") {
	case "advance":
		by, err := readDuration(r.PostFormValue("by"))
		if err != nil {
			return "", err
		}
		change["advance"] = gate.Duration(by)
	case "set":
		at, err := readTime(r.PostFormValue("at"))
		if err != nil {
			return "", err
		}
		change["set"] = at.Unix()
	case "freeze":
		change["freeze"] = true
	case "run":
		change["freeze"] = false
	case "reset":
		order := map[string]any{}
		if text := strings.TrimSpace(r.PostFormValue("seed")); text != "" {
			seed, err := strconv.ParseUint(text, 10, 64)
			if err != nil {
				return "", fmt.Errorf("%q is not a seed; give a number from 0", text)
			}
			order["seed"] = seed
		}
		_, err := s.steer(r, http.MethodPost, "reset", order)
		return webLink("clock", "done", "reset"), err
	default:
		return "", errors.New("the form says nothing to do")
	}
	_, err := s.steer(r, http.MethodPost, "clock", change)
	return webLink("clock", "done", "clock"), err
}
