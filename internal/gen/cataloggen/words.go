package cataloggen

import (
	"bytes"
	"encoding/json"

	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/internal/gen/apigen"
	"github.com/ttshop-go/ttshop/internal/gen/spec"
)

// wordsOf collects the descriptions of a domain, each once.
func wordsOf(d *apigen.Domain) ([]byte, error) {
	out := catalog.Words{Descriptions: []catalog.Description{}}
	places := map[string]int{}
	var failed error
	for _, op := range d.Operations {
		own := catalog.OperationWords{Notes: op.Doc}
		op.WalkAll(func(_ string, f *spec.Field) {
			if f.Doc == nil {
				own.Fields = append(own.Fields, 0)
				return
			}
			key, err := json.Marshal(f.Doc)
			if err != nil {
				failed = err
			}
			if places[string(key)] == 0 {
				out.Descriptions = append(out.Descriptions, *f.Doc)
				places[string(key)] = len(out.Descriptions)
			}
			own.Fields = append(own.Fields, places[string(key)])
		})
		out.Operations = append(out.Operations, own)
	}
	if failed != nil {
		return nil, failed
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(out); err != nil {
		return nil, err
	}
	return Compress(b.Bytes())
}
