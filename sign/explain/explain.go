package explain

import (
	"cmp"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ttshop-go/ttshop/sign"
)

// Options are what else may be known about a request. The zero value means
// nothing.
type Options struct {
	// Legacy makes the rule of version 202212 apply, which signs no body.
	Legacy bool
	// Apps are other apps whose keys and secrets may have been used by
	// mistake.
	Apps []App
	// Timestamps are Unix seconds that may have been signed in place of the
	// one that was sent, such as those of a log.
	Timestamps []int64
	// Window is how far the timestamp that was signed may be from the one that
	// was sent, at most an hour. Zero means 5 minutes. Clocks in other time
	// zones are tried as well. A negative value turns off both.
	Window time.Duration
	// Now, if set, is the time at which the request arrived: a note says when
	// the timestamp is outside what the platform accepts.
	Now time.Time
}

// App is the key and the secret of an app. It never shows the secret, however it
// is printed.
type App struct {
	Name   string // for use in sentences; empty means the key
	Key    string // app_key; empty means unknown
	Secret string // empty means unknown
}

// Format prints the app without its secret, for every verb.
func (a App) Format(f fmt.State, _ rune) {
	_, _ = io.WriteString(f, "explain.App("+cmp.Or(a.Name, a.Key)+")")
}

// LogValue implements slog.LogValuer: it hides the secret.
func (a App) LogValue() slog.Value { return slog.StringValue(cmp.Or(a.Name, a.Key)) }

// Explain reports whether the signature of a request is right for the app secret
// and, if not, which mistake produced it. It returns an error if the URL cannot be
// read or the secret is empty; a missing signature is a mistake like any other.
func Explain(r Request, secret string, o Options) (Report, error) {
	f, err := newFacts(r, secret, o)
	if err != nil {
		return Report{}, err
	}
	report := Report{OK: f.got == f.expected, Got: f.got, Expected: f.expected, Canonical: f.canonical, Mistakes: []Mistake{}, Pieces: f.pieces(), Notes: f.notes()}
	switch {
	case report.OK:
	case f.got == "":
		report.Mistakes = append(report.Mistakes, Mistake{
			ID: "sign-missing", Sentence: "you sent no signature", Fix: "add the parameter sign to the URL",
		})
	default:
		f.read()
		found, tried := f.find()
		report.Combinations = tried
		if found != nil {
			report.Mistakes = found
		} else if tried > 0 {
			report.Tried = f.ids()
		}
	}
	report.Summary = report.summary()
	f.mask.report(&report)
	return report, nil
}

// summary says the outcome in one sentence.
func (r *Report) summary() string {
	switch {
	case r.OK:
		return "the signature is right"
	case len(r.Mistakes) > 0:
		return r.Mistakes[0].Sentence + ": " + r.Mistakes[0].Fix
	case r.Combinations == 0:
		return "the signature does not have the form of a digest, so no mistake can be searched for: send 64 lower-case hex digits"
	}
	return fmt.Sprintf("none of %d known mistakes, alone or in pairs (%d strings were signed), produces this signature: most likely it was made with the secret of another app, or the URL or body was changed after signing",
		len(r.Tried), r.Combinations)
}

// ids returns the ids of all mistakes that can be made with the request.
func (f *facts) ids() []string {
	ids := slices.Clone(outputIDs)
	for _, w := range f.ways() {
		ids = append(ids, w.id)
	}
	for _, h := range lateMistakes() {
		h.find(f, func(string, string, func(*recipe)) { ids = append(ids, h.id) })
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// pieces returns the parts of the string, and what is not in it.
func (f *facts) pieces() []Piece {
	var pieces, unsigned []Piece
	add := func(kind, key, text string) { pieces = append(pieces, Piece{Kind: kind, Key: key, Text: text}) }
	add(PieceSecret, "", sign.SecretMask)
	add(PiecePath, "", f.path)
	signed := f.signed()
	slices.SortStableFunc(signed, byKey)
	for _, p := range signed {
		add(PieceQuery, p.key, p.key+p.value)
	}
	seen := map[string]bool{}
	for _, p := range f.params {
		note := ""
		switch {
		case p.key == "sign" || p.key == "access_token":
			note = "is never signed"
		case seen[p.key]:
			note = "is a repetition; the first value counts"
		}
		if note != "" {
			unsigned = append(unsigned, Piece{Kind: PieceUnsigned, Key: p.key, Note: note})
		}
		seen[p.key] = true
	}
	switch {
	case f.bodySigned():
		add(PieceBody, "", string(f.body))
	case f.multipart && len(f.body) > 0:
		unsigned = append(unsigned, Piece{Kind: PieceUnsigned, Note: "the body of multipart/form-data is not signed"})
	case len(f.body) > 0:
		unsigned = append(unsigned, Piece{Kind: PieceUnsigned, Note: "the rule of version 202212 signs no body"})
	}
	add(PieceSecret, "", sign.SecretMask)
	return append(pieces, unsigned...)
}

// notes returns what else is noteworthy besides the signature.
func (f *facts) notes() []string {
	var notes []string
	add := func(format string, args ...any) { notes = append(notes, fmt.Sprintf(format, args...)) }
	for _, key := range []string{"app_key", "timestamp"} {
		if _, ok := f.lookup(key); !ok {
			add("the parameter %s is missing; the platform refuses requests without it", key)
		}
	}
	if sent, ok := f.lookup("timestamp"); ok {
		n, err := strconv.ParseInt(sent, 10, 64)
		const accepted = "the platform accepts the last 5 minutes and the next 30 seconds"
		switch {
		case err != nil:
			add("the timestamp is not a number; the platform wants Unix seconds")
		case len(sent) == len("1700000000000"):
			add("the timestamp seems to be in milliseconds; the platform wants Unix seconds")
		case f.options.Now.IsZero():
		case n < f.options.Now.Add(-defaultWindow).Unix():
			add("the timestamp is %d s old; %s", f.options.Now.Unix()-n, accepted)
		case n > f.options.Now.Add(30*time.Second).Unix():
			add("the timestamp is %d s ahead; %s", n-f.options.Now.Unix(), accepted)
		}
	}
	if _, ok := f.lookup("access_token"); ok && !f.isLegacyPath() {
		add("the access token is in the URL; since version 202309 it belongs in the header x-tts-access-token")
	}
	if slices.ContainsFunc(f.params, func(p param) bool { return countKey(f.params, p.key) > 1 }) {
		add("a parameter is sent several times; the first value is taken as signed, which no official text settles")
	}
	if f.bodySigned() && f.isEmptyObject() {
		add("the body is {}: official samples disagree on whether its two bytes are signed; it is safer to send no body")
	}
	if f.path != "" && strings.HasSuffix(f.path, "/") {
		add("the path ends with a slash; paths of the platform do not")
	}
	return notes
}
