package platform

import (
	"net/url"
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
)

func TestExchangeLines(t *testing.T) {
	t.Parallel()
	x := Exchange{
		Method: "POST", Path: "/product/202309/products/1729000000000000001/inventory/update", Code: new(0), Status: 302, Bytes: 1, Took: 1.5,
		Query:    MaskParams("app_key=k&sign=SECRET&access_token=SECRET&app_secret=SECRET&auth_code=SECRET&refresh_token=SECRET&empty=&long=" + strings.Repeat("x", 300)),
		Body:     `{"skus":[` + strings.Repeat(`{"id":"1729000000000000001"},`, 20) + `{}]}`,
		Location: "http://127.0.0.1/callback?code=SECRET&" + url.Values{"state": {"a b"}}.Encode(),
	}
	text := strings.Join(x.Lines(), "\n")
	if strings.Contains(text, "SECRET") || strings.Count(text, field.Mask) != 6 {
		t.Errorf("secrets are shown:\n%s", text)
	}
	for _, line := range x.Lines() {
		if n := len([]rune(line)); n > console.Width-StepIndent {
			t.Errorf("%d columns: %s", n, line)
		}
	}
	var b strings.Builder
	if err := console.WriteJSON(&b, x); err != nil || strings.Contains(b.String(), "SECRET") || !strings.Contains(b.String(), `"query":{`) {
		t.Errorf("%v: %s", err, &b)
	}
}
