package operation

import (
	"bytes"
	"cmp"
	"encoding/json"
	"image"
	"image/color"
	"image/png"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/sandbox"
	"github.com/ttshop-go/ttshop/sandbox/sandboxtest"
)

// TestExamplesAreAccepted sends the example of every operation that has a body to
// a sandbox with the seed that ttshop sandbox has by default. It is carried out,
// or testdata/refused_examples.json says why it cannot be.
func TestExamplesAreAccepted(t *testing.T) {
	t.Parallel()
	var reasons map[string]string
	content, err := os.ReadFile("testdata/refused_examples.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(content, &reasons); err != nil {
		t.Fatal(err)
	}
	known := new(catalog.Catalog)
	server := startExamples(t, time.Now)
	taken, asked := 0, 0
	for _, e := range known.Operations("") {
		op, err := known.Explain(e)
		if err != nil {
			t.Fatal(err)
		}
		if op.BodyType == catalog.BodyNone {
			continue
		}
		asked++
		x := newRequestExample(op)
		client := exampleClient(server, op, cmp.Or(exampleMarket(op), server.Credentials.Shops[0].Region))
		response, err := client.Call(t.Context(), x.Method, x.Path, exampleQuery(x.Query), exampleContent(t, op, x))
		if err == nil {
			err = refusedItems(response, e.FullName())
		}
		switch {
		case err == nil:
			taken++
		case reasons[e.FullName()] == "":
			t.Errorf("%s: %v", e.FullName(), err)
		}
		if err == nil && op.Write {
			server.Close()
			server = startExamples(t, time.Now)
		}
	}
	t.Logf("%d of %d examples were carried out", taken, asked)
}

// startExamples starts a sandbox that has the ids of the examples.
func startExamples(t *testing.T, now func() time.Time) *sandboxtest.Server {
	t.Helper()
	server, err := sandboxtest.Open(sandbox.Config{Seed: seedOfExamples, Throttle: new(0.0), Now: now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	return server
}

// exampleClient returns a client for the example of an operation.
func exampleClient(server *sandboxtest.Server, op *catalog.Operation, market string) *ttshop.Client {
	client := server.NewClient(server.Credentials.AccessToken, ttshop.WithLimiter(nil))
	for _, shop := range server.Credentials.Shops {
		if op.ShopCipher != catalog.RuleAbsent && shop.Region == market {
			client = client.Shop(shop.Cipher)
		}
	}
	if op.AssetCipher != catalog.RuleAbsent {
		client = client.CategoryAsset(server.Credentials.CategoryAssetCipher)
	}
	return client
}

// exampleContent returns the body as a client takes it.
func exampleContent(t *testing.T, op *catalog.Operation, x requestExample) any {
	t.Helper()
	if x.Form == nil {
		body, err := json.Marshal(x.Body)
		if err != nil {
			t.Fatal(err)
		}
		return json.RawMessage(body)
	}
	form := &ttshop.Form{Fields: exampleQuery(nil), Files: make(map[string]ttshop.File)}
	for _, f := range op.Body {
		switch value, ok := x.Form[f.Name]; {
		case !ok:
		case f.Type == catalog.File:
			file := ttshop.File{Name: "photo.png", Content: bytes.NewReader(picture(t))}
			if strings.Contains(op.Path, "/files/") {
				file = ttshop.File{Name: "label.pdf", Content: strings.NewReader("%PDF-1.4\n%%EOF\n")}
			}
			form.Files[f.Name] = file
		default:
			form.Fields = merge(form.Fields, exampleQuery(map[string]any{f.Name: value}))
		}
	}
	return form
}

func merge(a, b url.Values) url.Values {
	for name, values := range b {
		a[name] = values
	}
	return a
}

// picture returns a picture that is large enough for every upload.
func picture(t *testing.T) []byte {
	t.Helper()
	img := image.NewPaletted(image.Rect(0, 0, 600, 600), color.Palette{color.White})
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// An answer of an example has every field of the result.
func TestExampleAnswer(t *testing.T) {
	t.Parallel()
	known := new(catalog.Catalog)
	for _, e := range known.Operations("") {
		op, err := known.Explain(e)
		if err != nil {
			t.Fatal(err)
		}
		data, _ := newRequestExample(op).Answer["data"].(map[string]any)
		var check func(fields []catalog.Field, value any, path string)
		check = func(fields []catalog.Field, value any, path string) {
			for list, ok := value.([]any); ok; list, ok = value.([]any) {
				value = list[0]
			}
			object, _ := value.(map[string]any)
			for i := range fields {
				f := &fields[i]
				member, ok := object[f.Name]
				if !ok {
					t.Errorf("%s: the answer lacks %s.%s", e.FullName(), path, f.Name)
					continue
				}
				for f.Type == catalog.Array && f.Items != nil {
					f = f.Items
				}
				check(f.Fields, member, path+"."+fields[i].Name)
			}
		}
		check(op.Result, data, "data")
	}
}
