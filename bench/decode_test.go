package bench

import (
	"encoding/json"
	"net/url"
	"regexp"
	"testing"

	"github.com/ttshop-go/ttshop/api/order"
	"github.com/ttshop-go/ttshop/internal/wire"
	"github.com/ttshop-go/ttshop/sandbox/sandboxtest"
)

// BenchmarkDecode holds the client's decoding of a page of 100 orders against
// encoding/json into the same structs: an ordinary answer, and one in which
// every id is a number, which takes the forgiving pass.
func BenchmarkDecode(b *testing.B) {
	res, err := sandboxtest.Start(b).Shop("GB").Call(b.Context(), "POST", "/order/202309/orders/search", url.Values{"page_size": {"100"}}, nil)
	if err != nil {
		b.Fatal(err)
	}
	ordinary := res.Raw
	odd := regexp.MustCompile(`"id":"(\d+)"`).ReplaceAll(ordinary, []byte(`"id":$1`))
	plain := func() {
		var envelope struct {
			Code      int                `json:"code"`
			Message   string             `json:"message"`
			RequestID string             `json:"request_id"`
			Data      order.SearchResult `json:"data"`
		}
		if err := json.Unmarshal(ordinary, &envelope); err != nil || len(envelope.Data.Orders) != 100 {
			b.Fatal(err)
		}
	}
	ours := func(answer []byte) func() {
		return func() {
			var data order.SearchResult
			if _, err := wire.DecodeEnvelope(answer, &data); err != nil || len(data.Orders) != 100 || data.Orders[0].ID == "" {
				b.Fatal(err)
			}
		}
	}
	b.Run("ordinary", func(b *testing.B) { compare(b, 5, ours(ordinary), plain) })
	b.Run("numbers_as_ids", func(b *testing.B) { compare(b, 5, ours(odd), plain) })
}
