package signing

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
	"github.com/ttshop-go/ttshop/sign/explain/paste"
)

// refusal is a reason for which the platform refuses a request, apart from its
// signature.
type refusal struct {
	ID       string `json:"id"`
	Sentence string `json:"sentence"`
	Fix      string `json:"fix"`
}

// What the platform accepts as a timestamp.
const (
	oldestTimestamp = 5 * time.Minute
	newestTimestamp = 30 * time.Second
)

// examined is a request whose reasons for a refusal are looked for.
type examined struct {
	request paste.Request
	path    string
	params  map[string]string // of the URL; of a repeated one the first
	at      time.Time         // when it arrived
	op      *catalog.Operation
	list    []refusal
}

// bodyUnknown is the id of the refusal of a request whose body the text does not
// have: nobody can tell.
const bodyUnknown = "body-unknown"

// examine returns the reasons for which the platform refuses a request that arrives
// at a time, whatever its signature is. It completes the method of the request.
func examine(r *paste.Request, at time.Time) ([]refusal, error) {
	x := &examined{request: *r, params: make(map[string]string), at: at}
	address, rawQuery, _ := strings.Cut(console.Before(r.URL, "#"), "?")
	if _, rest, absolute := strings.Cut(address, "://"); absolute {
		if slash := strings.IndexByte(rest, '/'); slash >= 0 {
			address = rest[slash:]
		}
	}
	x.path = address
	for _, p := range field.SplitQuery(rawQuery) {
		if _, twice := x.params[p.Key]; !twice {
			x.params[p.Key] = p.Value
		}
	}
	if err := x.operation(); err != nil {
		return nil, err
	}
	x.appKey()
	x.timestamp()
	x.token()
	x.ciphers()
	x.body()
	if x.op != nil {
		r.Method = x.op.Method
	}
	return x.list, nil
}

func (x *examined) note(id, fix, format string, args ...any) {
	x.list = append(x.list, refusal{id, fmt.Sprintf(format, args...), fix})
}

// operation finds the operation. Where the method is not known, that with a path
// that only one has.
func (x *examined) operation() error {
	known := new(catalog.Catalog)
	methods := []string{x.request.Method}
	if x.request.Method == "" {
		methods = []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete}
	}
	var found []catalog.Entry
	for _, method := range methods {
		if entry, ok := known.Find(method, x.path); ok {
			found = append(found, entry)
		}
	}
	if len(found) == 1 {
		var err error
		x.op, err = known.Describe(found[0])
		return err
	}
	if len(found) > 1 {
		return nil
	}
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete} {
		if entry, ok := known.Find(method, x.path); ok {
			x.note("method", "send it with "+method, "%s %s is not an operation of the platform, %s is", x.request.Method, x.path, method+" "+entry.Path)
			return nil
		}
	}
	x.note("path-unknown", "look the operation up with ttshop ops search", "the platform has no operation with the path %s", console.Printable(x.path))
	return nil
}

func (x *examined) appKey() {
	if x.params["app_key"] == "" {
		x.note("app-key-missing", "add the parameter app_key, and sign it", "the parameter app_key is missing")
	}
}

func (x *examined) timestamp() {
	const fix = "send the time of the moment in Unix seconds, and sign it"
	sent, ok := x.params["timestamp"]
	n, err := strconv.ParseInt(sent, 10, 64)
	age := x.at.Sub(time.Unix(n, 0))
	switch {
	case !ok || sent == "":
		x.note("timestamp-missing", fix, "the parameter timestamp is missing")
	case err != nil:
		x.note("timestamp-not-a-number", fix, "the timestamp is not a number")
	case n > 1e11: // seconds reach this in the year 5138
		x.note("timestamp-unit", fix, "the timestamp is in milliseconds or less, the platform expects seconds")
	case age > oldestTimestamp:
		x.note("timestamp-old", fix, "the timestamp is %s old, the platform accepts 5 minutes", console.Span(age))
	case age < -newestTimestamp:
		x.note("timestamp-ahead", "set the clock, "+fix, "the timestamp is %s ahead, the platform accepts 30 seconds", console.Span(-age))
	}
}

func (x *examined) token() {
	_, inURL := x.params["access_token"]
	switch {
	case !x.request.Whole || x.request.AccessToken != "":
	case inURL:
		x.note("token-in-url", "send it in the header x-tts-access-token", "the access token is in the URL, where the platform does not look since version 202309")
	default:
		x.note("token-missing", "send the access token in the header x-tts-access-token", "the header x-tts-access-token is missing")
	}
}

func (x *examined) ciphers() {
	if x.op == nil {
		return
	}
	for _, c := range []struct {
		name string
		rule catalog.Rule
	}{{"shop_cipher", x.op.ShopCipher}, {"category_asset_cipher", x.op.AssetCipher}} {
		sent := x.params[c.name] != ""
		switch {
		case c.rule == catalog.RuleRequired && !sent:
			x.note(strings.ReplaceAll(c.name, "_", "-")+"-missing", "add the parameter "+c.name+", and sign it", "%s needs the parameter %s", x.op.FullName(), c.name)
		case c.rule == catalog.RuleAbsent && sent:
			x.note(strings.ReplaceAll(c.name, "_", "-")+"-unwanted", "leave "+c.name+" out", "%s takes no parameter %s", x.op.FullName(), c.name)
		}
	}
}

// body looks at a body that is missing or of another type.
func (x *examined) body() {
	if x.op == nil {
		return
	}
	mediaType := strings.ToLower(strings.TrimSpace(console.Before(x.request.ContentType, ";")))
	needed := false
	for _, f := range x.op.Body {
		needed = needed || f.Required
	}
	switch {
	case x.op.BodyType == catalog.BodyJSON && x.request.BodyUnknown:
		x.note(bodyUnknown, "add it with --body", "the text does not have the body, which is signed if one was sent")
	case x.op.BodyType == catalog.BodyJSON && len(x.request.Body) == 0 && needed:
		x.note("body-not-sent", "send the body, and sign exactly what is sent", "%s needs a body, and it was signed without one", x.op.FullName())
	case x.op.BodyType == catalog.BodyJSON && len(x.request.Body) > 0 && x.request.Whole && mediaType != "application/json":
		sent := mediaType
		if sent == "" {
			sent = "no type"
		}
		x.note("content-type", "send the header Content-Type: application/json", "the body is sent as %s", sent)
	}
}
