package operation

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
	"github.com/ttshop-go/ttshop/internal/openapi"
	"github.com/ttshop-go/ttshop/sandbox"
	"github.com/ttshop-go/ttshop/sign"
)

// exampleRun asks a sandbox of its own, without a connection, for examples: a
// request that it answers with code 0, and that answer. Its clock stands still,
// so that it gives the same ones every time.
type exampleRun struct {
	box    *sandbox.Sandbox
	creds  sandbox.Credentials
	signer *sign.Signer
	ids    map[string]string // seen in answers, by name: order_id
	found  map[string]*openapi.Example
}

// exampleTime is when the examples happen.
var exampleTime = time.Date(2026, time.January, 31, 12, 0, 0, 0, time.UTC)

// sandboxExamples returns examples by the full names of operations. Operations
// that the sandbox refuses, because they need what is not there or another
// user, have none.
func sandboxExamples(known *catalog.Catalog) (map[string]*openapi.Example, error) {
	box, err := sandbox.New(sandbox.Config{Seed: 1, Throttle: new(0.0), Now: func() time.Time { return exampleTime }})
	if err != nil {
		return nil, fmt.Errorf("starting a sandbox for examples: %w", err)
	}
	r := &exampleRun{box: box, creds: box.Credentials(), ids: map[string]string{}, found: map[string]*openapi.Example{}}
	r.signer = sign.New(r.creds.AppSecret)
	var reads, writes []*catalog.Operation
	for _, e := range known.Operations("") {
		op, err := known.Explain(e)
		if err != nil {
			return nil, err
		}
		switch {
		case op.BodyType == catalog.BodyMultipart || op.Method == http.MethodDelete:
			// Files are not shown, and what is deleted is missing afterwards.
		case !op.Write:
			reads = append(reads, op)
		case op.Domain != "event": // an address for webhooks would be called
			writes = append(writes, op)
		}
	}
	// What one read shows, another asks for: lists come before details.
	for before := -1; before < len(r.found); {
		before = len(r.found)
		for _, op := range reads {
			if err := r.try(op); err != nil {
				return nil, err
			}
		}
	}
	for _, op := range writes {
		if err := r.try(op); err != nil {
			return nil, err
		}
	}
	return r.found, box.Close()
}

// try calls an operation that has no example yet, and keeps the call if it succeeds.
func (r *exampleRun) try(op *catalog.Operation) error {
	if r.found[op.FullName()] != nil {
		return nil
	}
	example := &openapi.Example{Params: map[string]any{}}
	path, query := op.Path, url.Values{}
	noun := lastNoun(op.Path)
	for i := range op.Params {
		f := &op.Params[i]
		if !f.Required && f.In != "path" && f.Name != "ids" {
			continue
		}
		value := r.value(f, noun)
		example.Params[f.Name] = value
		if f.In == "path" {
			path = strings.ReplaceAll(path, "{"+f.Name+"}", url.PathEscape(field.QueryText(value)))
		} else {
			query.Set(f.Name, field.QueryText(value))
		}
	}
	if op.ShopCipher != catalog.RuleAbsent {
		query.Set("shop_cipher", r.creds.Shops[0].Cipher)
	}
	if op.AssetCipher != catalog.RuleAbsent {
		query.Set("category_asset_cipher", r.creds.CategoryAssetCipher)
	}
	if op.BodyType == catalog.BodyJSON {
		if fields := r.object(op.Body, noun); len(fields) > 0 {
			body, err := json.Marshal(fields)
			if err != nil {
				return err
			}
			example.Body = body
		}
	}
	answer, err := r.call(op.Method, path, query, example.Body)
	if err != nil {
		return fmt.Errorf("an example of %s: %w", op.FullName(), err)
	}
	code, ok := answer["code"].(json.Number)
	if !ok || code != "0" || failedInPart(answer) {
		return nil // refused: no example
	}
	r.learn(answer["data"], "")
	shorten(answer)
	if example.Answer, err = json.Marshal(answer); err != nil {
		return err
	}
	r.found[op.FullName()] = example
	return nil
}

// failedInPart reports whether a successful answer tells of failures.
func failedInPart(answer map[string]any) bool {
	data, _ := answer["data"].(map[string]any)
	failures, _ := data["errors"].([]any)
	return len(failures) > 0
}

// object returns an object with the members that it requires.
func (r *exampleRun) object(fields []catalog.Field, noun string) map[string]any {
	object := map[string]any{}
	for i := range fields {
		if f := &fields[i]; f.Required {
			object[f.Name] = r.value(f, noun)
		}
	}
	return object
}

// value returns a value for a field: an id that an answer had, or a made-up one.
// The noun says whose a plain id is.
func (r *exampleRun) value(f *catalog.Field, noun string) any {
	switch {
	case f.Type == catalog.Object:
		return r.object(f.Fields, singular(f.Name))
	case f.Type == catalog.Array && f.Items != nil:
		item := *f.Items
		if item.Name == "" {
			item.Name = singular(f.Name)
		}
		if item.Type == catalog.Object {
			return []any{r.object(item.Fields, singular(f.Name))}
		}
		return []any{r.value(&item, noun)}
	case f.Name == "page_size" && f.Type == catalog.Integer:
		size := 20
		if most, err := strconv.Atoi(f.Max); err == nil {
			size = min(size, most)
		}
		return json.Number(strconv.Itoa(size))
	case f.Type != catalog.String || len(f.Enum) > 0:
		return exampleValue(f)
	}
	name := f.Name
	if name == "id" {
		name = noun + "_id"
	}
	if id := r.ids[name]; id != "" {
		return id
	}
	return exampleValue(f)
}

// learn remembers the ids in an answer, the first of each name.
func (r *exampleRun) learn(value any, noun string) {
	switch value := value.(type) {
	case []any:
		for _, item := range value {
			r.learn(item, noun)
		}
	case map[string]any:
		names := make([]string, 0, len(value))
		for name := range value {
			names = append(names, name)
		}
		slices.Sort(names)
		for _, name := range names {
			known := name
			if name == "id" {
				known = noun + "_id"
			}
			if id, ok := value[name].(string); ok && id != "" && strings.HasSuffix(known, "_id") && r.ids[known] == "" {
				r.ids[known] = id
			}
			r.learn(value[name], singular(name))
		}
	}
}

// shorten cuts the lists in an answer to one item.
func shorten(value any) {
	object, ok := value.(map[string]any)
	if !ok {
		return
	}
	for name, member := range object {
		if list, ok := member.([]any); ok && len(list) > 1 {
			member = list[:1]
			object[name] = member
		}
		if list, ok := member.([]any); ok && len(list) == 1 {
			member = list[0]
		}
		shorten(member)
	}
}

// lastNoun returns the singular of the last segment of a path that names things.
func lastNoun(path string) string {
	for _, segment := range slices.Backward(strings.Split(path, "/")) {
		if strings.HasSuffix(segment, "s") {
			return singular(segment)
		}
	}
	return ""
}

func singular(noun string) string {
	if base, ok := strings.CutSuffix(noun, "ies"); ok {
		return base + "y"
	}
	return strings.TrimSuffix(noun, "s")
}

// call sends a signed request to the sandbox and returns its answer.
func (r *exampleRun) call(method, path string, query url.Values, body []byte) (map[string]any, error) {
	query.Set("app_key", r.creds.AppKey)
	query.Set("timestamp", strconv.FormatInt(exampleTime.Unix(), 10))
	query.Set("sign", r.signer.Sign(sign.Request{Path: path, Query: query, Body: body}))
	req, err := http.NewRequest(method, "http://sandbox"+path+"?"+query.Encode(), bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("x-tts-access-token", r.creds.AccessToken)
	req.RequestURI, req.RemoteAddr = req.URL.RequestURI(), "127.0.0.1:1"
	w := &answerWriter{header: http.Header{}}
	r.box.ServeHTTP(w, req)
	dec := json.NewDecoder(&w.body)
	dec.UseNumber()
	var answer map[string]any
	if err := dec.Decode(&answer); err != nil && err != io.EOF {
		return nil, fmt.Errorf("decoding the answer of the sandbox: %w", err)
	}
	return answer, nil
}

// answerWriter keeps what a handler answers.
type answerWriter struct {
	header http.Header
	body   bytes.Buffer
}

func (w *answerWriter) Header() http.Header         { return w.header }
func (w *answerWriter) WriteHeader(int)             {}
func (w *answerWriter) Write(b []byte) (int, error) { return w.body.Write(b) }
