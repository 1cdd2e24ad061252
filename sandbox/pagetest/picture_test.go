package pagetest

import (
	"bytes"
	"flag"
	"image/png"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/ttshop-go/ttshop/sign"
)

var update = flag.Bool("update", false, "take the picture of the README again")

// picture is the picture of the README, seen from here.
var picture = filepath.Join("..", "..", "docs", "sandbox-page.png")

// The picture of the README: a request whose signature is wrong, as the page
// explains it. Its words are held to the page; its pixels are not, since fonts
// differ between machines.
const (
	pictureWidth, pictureHeight = 1200, 760
	pictureLimit                = 150_000 // bytes
)

func TestPicture(t *testing.T) {
	t.Parallel()
	s := start(t)
	// Signed without its body, the most common of mistakes.
	const body = `{"order_status":"AWAITING_SHIPMENT"}`
	query := url.Values{"app_key": {s.Credentials.AppKey}, "shop_cipher": {s.Credentials.Shops[0].Cipher}, "page_size": {"50"},
		"timestamp": {strconv.FormatInt(time.Now().Unix(), 10)}}
	address := s.URL + "/order/202309/orders/search?" + query.Encode()
	signed, err := sign.New(s.Credentials.AppSecret).SignURL(address, "application/json", nil, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address+"&sign="+signed.Signature, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Tts-Access-Token", s.Credentials.AccessToken)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusUnauthorized {
		t.Fatalf("status %d for a wrong signature", answer.StatusCode)
	}
	var log struct {
		Requests []struct{ ID int }
	}
	steer(t, s, "GET", "requests?limit=1", "", &log)
	p := open(t, s.URL)
	p.run(chromedp.EmulateViewport(pictureWidth, pictureHeight))
	p.visit("/_sandbox/")
	p.says("/order/202309/orders/search")
	p.click(`a[href="/_sandbox/ui/requests"]`)
	p.click(`#rows a`)
	p.says("106001")
	p.says("you left the body out of the string")
	if *update {
		if err := os.WriteFile(picture, ask(p, chromedp.CaptureScreenshot()), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile(picture)
	if err != nil {
		t.Fatalf("%v: go test -C sandbox/pagetest -run TestPicture -update makes it", err)
	}
	if len(kept) > pictureLimit {
		t.Errorf("the picture has %d bytes, the limit is %d", len(kept), pictureLimit)
	}
	size, err := png.DecodeConfig(bytes.NewReader(kept))
	if err != nil || size.Width != pictureWidth || size.Height != pictureHeight {
		t.Errorf("the picture is %d by %d, want %d by %d (%v)", size.Width, size.Height, pictureWidth, pictureHeight, err)
	}
}
