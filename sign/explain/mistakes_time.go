package explain

import (
	"strconv"
	"time"
)

// defaultWindow is how old a timestamp the platform accepts.
const defaultWindow = 5 * time.Minute

// timeMistakes are about a timestamp that is not the one that was sent.
func timeMistakes() []hypothesis {
	return []hypothesis{
		{"timestamp-milliseconds", ofTime, 75, false, timestampUnit},
		{"timestamp-written", ofTime, 30, true, timestampWritten},
		{"timestamp-other", ofTime, 72, false, timestampGiven},
		{"timestamp-other", ofTime, 71, true, timestampNear},
	}
}

const timeFix = "read the clock once, in Unix seconds, and use that number for both the string and the URL"

func setTimestamp(value string) func(*recipe) {
	p := []param{plain("timestamp", value)}
	return func(r *recipe) { r.set = append(p, r.set...) }
}

func timestampUnit(f *facts, add addFunc) {
	sent, ok := f.lookup("timestamp")
	if !ok || !isDigits(sent) {
		return
	}
	if len(sent) < len("1700000000000") {
		add("you signed the timestamp in milliseconds, but sent it in seconds", timeFix, setTimestamp(sent+"000"))
	} else {
		add("you signed the timestamp in seconds, but sent it in milliseconds", timeFix, setTimestamp(sent[:len(sent)-3]))
	}
}

func timestampWritten(f *facts, add addFunc) {
	sent, ok := f.lookup("timestamp")
	if !ok {
		return
	}
	const sentence = "you signed the timestamp as a number with a fraction"
	add(sentence, timeFix, setTimestamp(sent+".0"))
	add("you signed the timestamp in microseconds", timeFix, setTimestamp(sent+"000000"))
	add("you signed the timestamp in nanoseconds", timeFix, setTimestamp(sent+"000000000"))
	if n, err := strconv.ParseInt(sent, 10, 64); err == nil {
		at := time.Unix(n, 0).UTC()
		for _, layout := range []string{time.RFC3339, "2006-01-02 15:04:05", "20060102150405"} {
			add("you signed the timestamp as a date", timeFix, setTimestamp(at.Format(layout)))
		}
	}
}

// timestampGiven tries the candidates from the options.
func timestampGiven(f *facts, add addFunc) {
	sent, ok := f.lookup("timestamp")
	if !ok {
		return
	}
	for _, n := range f.options.Timestamps {
		addTimestamp(f, add, sent, n)
	}
}

func addTimestamp(f *facts, add addFunc, sent string, n int64) {
	text := strconv.FormatInt(n, 10)
	add("you signed the timestamp "+f.show(text)+", but sent "+f.show(sent), timeFix, setTimestamp(text))
}

// timestampNear tries the seconds next to the one that was sent: the clock was
// read twice.
func timestampNear(f *facts, add addFunc) {
	sent, _ := f.lookup("timestamp")
	if n, err := strconv.ParseInt(sent, 10, 64); err == nil && f.options.Window >= 0 {
		addTimestamp(f, add, sent, n-1)
		addTimestamp(f, add, sent, n+1)
	}
}

func isDigits(s string) bool {
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return false
		}
	}
	return s != ""
}
