package sign

import (
	"fmt"
	"strconv"
	"time"
)

// DefaultVersion is the version that [Signer.SignConfig] signs if none is given:
// that of the JavaScript packages.
const DefaultVersion = "202212"

// Config holds the parameters of a request apart from its path, for callers used
// to signature(config, path) of the JavaScript packages. Empty fields are left
// out; Extra can hold a parameter that is present but empty. The app secret is
// not part of it: the signer has it.
type Config struct {
	AppKey     string            // app_key
	ShopID     string            // shop_id
	ShopCipher string            // shop_cipher
	Version    string            // version; DefaultVersion if neither this nor the path has one
	Timestamp  int64             // timestamp, Unix seconds; 0 means that of the path, or else now
	Extra      map[string]string // any further parameter
}

// SignConfig signs a request without a body, given by a config and a path with
// or without a query. A parameter of the config wins over one of the same name
// in the path, and an entry of Extra over both.
func (s *Signer) SignConfig(c Config, path string, now time.Time) (Signature, error) {
	if path == "" {
		return Signature{}, fmt.Errorf("sign config: the path is empty; pass one such as /order/202309/orders")
	}
	r, err := RequestFromURL(path, "", nil)
	if err != nil {
		return Signature{}, fmt.Errorf("sign config: %w", err)
	}
	set := func(key, value string) {
		if value != "" {
			r.Query.Set(key, value)
		}
	}
	set("app_key", c.AppKey)
	set("shop_id", c.ShopID)
	set("shop_cipher", c.ShopCipher)
	set("version", c.Version)
	if c.Timestamp != 0 {
		set("timestamp", strconv.FormatInt(c.Timestamp, 10))
	}
	for key, value := range c.Extra {
		r.Query.Set(key, value)
	}
	if !r.Query.Has("version") {
		set("version", DefaultVersion)
	}
	if !r.Query.Has("timestamp") {
		set("timestamp", strconv.FormatInt(now.Unix(), 10))
	}
	timestamp, err := strconv.ParseInt(r.Query.Get("timestamp"), 10, 64)
	if err != nil {
		return Signature{}, fmt.Errorf("sign config: parameter timestamp is %q, want Unix seconds such as 1700000000", r.Query.Get("timestamp"))
	}
	return Signature{s.Sign(r), timestamp}, nil
}
