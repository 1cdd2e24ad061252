package operation

import (
	"bytes"
	"encoding/json"
	"errors"
	"image"
	"image/color"
	"image/png"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/sandbox"
	"github.com/ttshop-go/ttshop/sandbox/sandboxtest"
)

// TestExamplesAreAccepted sends the example of every operation that has a body to
// a sandbox. It is carried out, or refused because what its made-up ids name does
// not exist: the fields themselves are never wrong.
func TestExamplesAreAccepted(t *testing.T) {
	t.Parallel()
	server := sandboxtest.StartWith(t, sandbox.Config{Throttle: new(0.0)})
	known := new(catalog.Catalog)
	elsewhere := map[string]string{"logistics.StandardizeWarehouseAddress": "US", "fulfillment.UploadInvoice": "BR"} // the only markets that have them
	noSuchThing := regexp.MustCompile(`1729382256910270412|shop\.example\.com/page was not uploaded|is nobody who chatted|does not take part`)
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
		market := "GB"
		if region := elsewhere[e.FullName()]; region != "" {
			market = region
		}
		client := server.Client
		if op.ShopCipher != catalog.RuleAbsent {
			client = server.Shop(market)
		}
		if op.AssetCipher != catalog.RuleAbsent {
			client = client.CategoryAsset(server.Credentials.CategoryAssetCipher)
		}
		x := newRequestExample(op)
		_, err = client.Call(t.Context(), x.Method, x.Path, exampleQuery(x.Query), exampleContent(t, op, x))
		var refused *ttshop.Error
		switch {
		case err == nil:
			taken++
		case !errors.As(err, &refused), !noSuchThing.MatchString(refused.Message):
			t.Errorf("%s: %v", e.FullName(), err)
		}
	}
	if share := float64(taken) / float64(asked); share < 0.7 { // the rest are about ids that the shop does not have
		t.Errorf("%d of %d examples were carried out, want 70 in 100", taken, asked)
	}
	t.Logf("%d of %d examples were carried out", taken, asked)
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
