package apitest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/catalog"
)

// forEach runs a test for every operation that has a method.
func forEach(t *testing.T, test func(t *testing.T, c *call)) {
	t.Helper()
	var c catalog.Catalog
	entries := c.Operations("")
	if len(entries) < 400 {
		t.Fatalf("the catalogue has %d operations", len(entries))
	}
	for _, e := range entries {
		if e.Raw {
			continue
		}
		t.Run(e.FullName(), func(t *testing.T) {
			t.Parallel()
			test(t, newCall(t, &c, e))
		})
	}
}

// With every parameter set, every parameter arrives at its place, and every field
// of the answer comes back.
func TestEverythingArrives(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, c *call) {
		var f filler
		params := c.newParams()
		f.fill(params.Elem())
		files := fileContents(params.Elem())
		data := f.answer(c.op.Result)
		result, err := c.do(t.Context(), params, data)
		if err != nil {
			t.Fatal(err)
		}
		compare("result", data, result, t.Errorf)

		got := c.transport.last
		if got.method != c.op.Method {
			t.Errorf("method %s, want %s", got.method, c.op.Method)
		}
		checkCeremony(t, c.op, got)
		checkPath(t, c.op, got, params.Elem())
		checkQuery(t, c.op, got, params.Elem())
		switch c.op.BodyType {
		case catalog.BodyJSON:
			var body map[string]any
			decoder := json.NewDecoder(strings.NewReader(string(got.body)))
			decoder.UseNumber()
			if err := decoder.Decode(&body); err != nil {
				t.Fatalf("body: %v", err)
			}
			checkBody(t, "body", c.op.Body, body)
			compare("body", body, params, t.Errorf)
		case catalog.BodyMultipart:
			checkForm(t, c.op, got, params.Elem(), files)
		default:
			if len(got.body) > 0 {
				t.Errorf("a body of %d bytes, want none", len(got.body))
			}
		}
	})
}

// An answer that was decoded and is encoded again has lost nothing and got nothing,
// whichever of its fields the platform left out.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, c *call) {
		for seed := range uint64(6) {
			var f filler
			if seed > 0 {
				f.skip = rand.New(rand.NewPCG(seed, uint64(len(c.op.Path)))) //nolint:gosec // the same fields each time
			}
			data := f.answer(c.op.Result)
			params := c.newParams()
			fillPath(params.Elem())
			result, err := c.do(t.Context(), params, data)
			if err != nil {
				t.Fatal(err)
			}
			if want, got := plainJSON(t, data), plainJSON(t, result.Interface()); got != want {
				t.Errorf("seed %d: %s came back as %s", seed, want, got)
			}
		}
	})
}

// plainJSON returns v as JSON with its members in order and without empty objects,
// which say nothing.
func plainJSON(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var tree any
	if err := decoder.Decode(&tree); err != nil {
		t.Fatal(err)
	}
	if text, err = json.Marshal(withoutEmpty(tree)); err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func withoutEmpty(tree any) any {
	switch node := tree.(type) {
	case map[string]any:
		for name, value := range node {
			node[name] = withoutEmpty(value)
			if object, ok := node[name].(map[string]any); ok && len(object) == 0 {
				delete(node, name)
			}
		}
	case []any:
		for i := range node {
			node[i] = withoutEmpty(node[i])
		}
	}
	return tree
}

func checkCeremony(t *testing.T, op *catalog.Operation, got *request) {
	t.Helper()
	if !got.signed {
		t.Error("the signature is wrong")
	}
	want := map[string]string{"app_key": appKey, "timestamp": fmt.Sprint(now.Unix()), "sign": got.query.Get("sign")}
	if op.ShopCipher != catalog.RuleAbsent {
		want["shop_cipher"] = shopCipher
	}
	if op.AssetCipher != catalog.RuleAbsent {
		want["category_asset_cipher"] = assetCipher
	}
	for _, name := range []string{"app_key", "timestamp", "sign", "shop_cipher", "category_asset_cipher", "access_token"} {
		if got.query.Get(name) != want[name] {
			t.Errorf("query %s = %q, want %q", name, got.query.Get(name), want[name])
		}
		got.query.Del(name)
	}
	if token := got.header.Get("X-Tts-Access-Token"); token != accessToken {
		t.Errorf("token header %q", token)
	}
	contentType := got.header.Get("Content-Type")
	if op.BodyType == catalog.BodyMultipart {
		if !strings.HasPrefix(contentType, "multipart/form-data; boundary=") {
			t.Errorf("content type %q", contentType)
		}
	} else if contentType != "application/json" {
		t.Errorf("content type %q", contentType)
	}
}

func checkPath(t *testing.T, op *catalog.Operation, got *request, params reflect.Value) {
	t.Helper()
	want := op.Path
	for _, f := range op.Params {
		if f.In == "path" {
			want = strings.ReplaceAll(want, "{"+f.Name+"}", url.PathEscape(tagged(params, "path", f.Name).String()))
		}
	}
	if got.escapedPath != want {
		t.Errorf("path %s, want %s", got.escapedPath, want)
	}
}

func checkQuery(t *testing.T, op *catalog.Operation, got *request, params reflect.Value) {
	t.Helper()
	for _, f := range op.Params {
		if f.In != "query" {
			continue
		}
		v := tagged(params, "query", f.Name)
		if !v.IsValid() {
			t.Errorf("query parameter %s has no field", f.Name)
			continue
		}
		if got.query.Get(f.Name) != plainText(v) || len(got.query[f.Name]) != 1 {
			t.Errorf("query %s = %q, want %q", f.Name, got.query[f.Name], plainText(v))
		}
		got.query.Del(f.Name)
	}
	if len(got.query) > 0 {
		t.Errorf("unexpected query %v", got.query)
	}
}

// checkBody holds a JSON body against the fields that the operation declares: all
// are there, none besides, each with its JSON type.
func checkBody(t *testing.T, path string, fields []catalog.Field, body map[string]any) {
	t.Helper()
	for _, f := range fields {
		checkValue(t, path+"."+f.Name, f, body[f.Name])
	}
	for name := range body {
		if !slices.ContainsFunc(fields, func(f catalog.Field) bool { return f.Name == name }) {
			t.Errorf("%s.%s is not in the catalogue", path, name)
		}
	}
}

func checkValue(t *testing.T, path string, f catalog.Field, value any) {
	t.Helper()
	ok := false
	switch f.Type {
	case catalog.Array:
		list, isList := value.([]any)
		ok = isList && len(list) == 2
		for _, item := range list {
			checkValue(t, path+"[]", *f.Items, item)
		}
	case catalog.Object:
		var object map[string]any
		if object, ok = value.(map[string]any); ok {
			checkBody(t, path, f.Fields, object)
		}
	case catalog.Integer, catalog.Number:
		_, ok = value.(json.Number)
	case catalog.Boolean:
		_, ok = value.(bool)
	default:
		_, ok = value.(string)
	}
	if !ok {
		t.Errorf("%s is %T, want %s", path, value, f.Type)
	}
}

func checkForm(t *testing.T, op *catalog.Operation, got *request, params reflect.Value, files map[string]string) {
	t.Helper()
	for _, f := range op.Body {
		if f.Type == catalog.File {
			if got.files[f.Name] != files[f.Name] || files[f.Name] == "" {
				t.Errorf("file %s = %q, want %q", f.Name, got.files[f.Name], files[f.Name])
			}
			continue
		}
		if v := tagged(params, "form", f.Name); !v.IsValid() || got.form[f.Name] != plainText(v) {
			t.Errorf("form %s = %q, want %v", f.Name, got.form[f.Name], v)
		}
	}
	if n := len(got.form) + len(got.files); n != len(op.Body) {
		t.Errorf("%d form fields, want %d", n, len(op.Body))
	}
}

// fileContents returns what the files of params hold; they are read once.
func fileContents(params reflect.Value) map[string]string {
	contents := map[string]string{}
	for i := range params.NumField() {
		if name, ok := params.Type().Field(i).Tag.Lookup("file"); ok {
			file := params.Field(i).Interface().(ttshop.File)
			contents[name] = "content " + strings.TrimSuffix(strings.TrimPrefix(file.Name, "f"), ".jpg")
		}
	}
	return contents
}

// tagged returns the field of params with a tag.
func tagged(params reflect.Value, key, name string) reflect.Value {
	for i := range params.NumField() {
		if tag, _, _ := strings.Cut(params.Type().Field(i).Tag.Get(key), ","); tag == name {
			return params.Field(i)
		}
	}
	return reflect.Value{}
}

// plainText writes a value as a parameter: lists joined by commas.
func plainText(v reflect.Value) string {
	if v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	if v.Kind() != reflect.Slice {
		return fmt.Sprint(v.Interface())
	}
	var items []string
	for i := range v.Len() {
		items = append(items, fmt.Sprint(v.Index(i).Interface()))
	}
	return strings.Join(items, ",")
}

// An unset parameter does not reach the wire unless it is required. An idempotency
// key is generated by the client.
func TestUnsetStaysHome(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, c *call) {
		if c.op.BodyType == catalog.BodyMultipart {
			t.Skip("an upload needs its file")
		}
		params := c.newParams()
		fillPath(params.Elem())
		if _, err := c.do(t.Context(), params, map[string]any{}); err != nil {
			t.Fatal(err)
		}
		got := c.transport.last
		for _, f := range c.op.Params {
			// A required list is nil until it is set.
			want := f.Required && f.Type != catalog.Array || c.op.IdempotencyKey == "query:"+f.Name
			if sent := got.query.Has(f.Name); f.In == "query" && sent != want {
				t.Errorf("query %s sent: %t, required: %t", f.Name, sent, f.Required)
			}
		}
		var body map[string]any
		if len(got.body) > 0 {
			if err := json.Unmarshal(got.body, &body); err != nil {
				t.Fatal(err)
			}
		}
		if in, name, _ := strings.Cut(c.op.IdempotencyKey, ":"); in == "query" && got.query.Get(name) == "" || in == "body" && (body[name] == nil || body[name] == "") {
			t.Errorf("no idempotency key in %s", c.op.IdempotencyKey)
		}
		for _, f := range c.op.Body {
			want := f.Required && f.Type != catalog.Array || c.op.IdempotencyKey == "body:"+f.Name
			if _, sent := body[f.Name]; sent != want {
				t.Errorf("body %s sent: %t, required: %t", f.Name, sent, f.Required)
			}
		}
	})
}

func fillPath(params reflect.Value) {
	for i := range params.NumField() {
		if _, ok := params.Type().Field(i).Tag.Lookup("path"); ok {
			params.Field(i).SetString("1")
		}
	}
}

// A number, a flag or a list that is set to zero reaches the wire.
func TestZeroArrives(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, c *call) {
		if c.op.BodyType == catalog.BodyMultipart {
			t.Skip("the fields of uploads are texts")
		}
		params := c.newParams()
		zero(params.Elem())
		fillPath(params.Elem())
		if _, err := c.do(t.Context(), params, map[string]any{}); err != nil {
			t.Fatal(err)
		}
		got := c.transport.last
		for _, f := range c.op.Params {
			if f.In != "query" || f.Kind == catalog.KindUnix || f.Kind == catalog.KindUnixMilli {
				continue
			}
			if f.Name == "page_size" { // no page is empty: zero is the largest, or left to the platform
				if size := got.query.Get(f.Name); f.Required && (size == "" || size == "0") || !f.Required && size != "" {
					t.Errorf("page_size is sent as %q", size)
				}
				continue
			}
			if want, ok := zeroText[f.Type]; ok && got.query.Get(f.Name) != want {
				t.Errorf("query %s = %q, want %s", f.Name, got.query.Get(f.Name), want)
			}
		}
		body := map[string]any{}
		if len(got.body) > 0 {
			if err := json.Unmarshal(got.body, &body); err != nil {
				t.Fatal(err)
			}
		}
		checkZero(t, "body", c.op.Body, body)
	})
}

var zeroText = map[catalog.Type]string{catalog.Integer: "0", catalog.Boolean: "false"}

func checkZero(t *testing.T, path string, fields []catalog.Field, body map[string]any) {
	t.Helper()
	for _, f := range fields {
		value, sent := body[f.Name]
		if f.Name == "page_size" {
			if sent {
				t.Errorf("%s.page_size = %v, want none", path, value)
			}
			continue
		}
		switch f.Type {
		case catalog.Integer, catalog.Number:
			if f.Kind == catalog.KindUnix || f.Kind == catalog.KindUnixMilli {
				continue // the zero time means none
			}
			if value != float64(0) {
				t.Errorf("%s.%s = %v, want 0", path, f.Name, value)
			}
		case catalog.Boolean:
			if value != false {
				t.Errorf("%s.%s = %v, want false", path, f.Name, value)
			}
		case catalog.Array:
			if list, ok := value.([]any); !ok || len(list) > 0 {
				t.Errorf("%s.%s = %v, want an empty list", path, f.Name, value)
			}
		case catalog.Object:
			object, ok := value.(map[string]any)
			if !ok {
				t.Errorf("%s.%s = %v (sent: %t), want an object", path, f.Name, value, sent)
				continue
			}
			checkZero(t, path+"."+f.Name, f.Fields, object)
		}
	}
}

// Nil params are zero params.
func TestNilParams(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, c *call) {
		if c.op.BodyType == catalog.BodyMultipart || strings.Contains(c.op.Path, "{") {
			t.Skip("it needs a parameter")
		}
		if _, err := c.do(t.Context(), reflect.Zero(c.method.Type().In(1)), map[string]any{}); err != nil {
			t.Fatal(err)
		}
	})
}

// An iterator takes the pages in order, starts over when ranged over again and
// leaves the caller's params alone.
func TestWalk(t *testing.T) {
	t.Parallel()
	walked := 0
	var c catalog.Catalog
	for _, e := range c.Operations("") {
		op, err := c.Describe(e)
		if err != nil {
			t.Fatal(err)
		}
		if op.Paging == nil {
			continue
		}
		walked++
		t.Run(e.FullName(), func(t *testing.T) {
			t.Parallel()
			call := newCall(t, &c, e)
			params := call.newParams()
			fillPath(params.Elem())
			var answers [][]byte
			for page, next := range []string{"b+/=", "c", ""} {
				answers = append(answers, pageAnswer(t, op, page+1, next))
			}
			for range 2 {
				items, tokens, err := call.walk(t.Context(), params, answers)
				if err != nil {
					t.Fatal(err)
				}
				if items != 1+2+3 {
					t.Errorf("%d items, want 6", items)
				}
				if want := []string{"", "b+/=", "c"}; !slices.Equal(tokens, want) {
					t.Errorf("tokens %q, want %q", tokens, want)
				}
			}
			if token := params.Elem().FieldByName("PageToken").String(); token != "" {
				t.Errorf("the caller's page token became %q", token)
			}
		})
	}
	if walked < 90 {
		t.Errorf("%d operations with pages", walked)
	}
}

// pageAnswer is an envelope with count items and the next token.
func pageAnswer(t *testing.T, op *catalog.Operation, count int, next string) []byte {
	t.Helper()
	data := map[string]any{}
	place := func(path string, value any) {
		at := data
		segments := strings.Split(path, ".")
		for _, s := range segments[:len(segments)-1] {
			if at[s] == nil {
				at[s] = map[string]any{}
			}
			at = at[s].(map[string]any)
		}
		at[segments[len(segments)-1]] = value
	}
	place(op.Paging.Items, make([]any, count))
	place(op.Paging.Next, next)
	answer, err := json.Marshal(map[string]any{"code": 0, "message": "Success", "request_id": "1", "data": data})
	if err != nil {
		t.Fatal(err)
	}
	return answer
}
