package signing

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/field"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/sign"
)

// signOptions are the options of ttshop sign.
type signOptions struct {
	signatureOptions
	URL       string
	Canonical bool
	JSON      bool

	Config     bool // URL is a path whose parameters the fields below give
	AppKey     string
	ShopID     string
	ShopCipher string
	Version    string
	Timestamp  int64
	Params     []string
}

// configFlags are the flags that go with --config alone.
var configFlags = [...]string{"app-key", "shop-id", "shop-cipher", "version", "timestamp", "param"}

// NewSignCmd returns the command ttshop sign.
func NewSignCmd(sys *platform.Session) *cobra.Command {
	var o signOptions
	cmd := &cobra.Command{
		Use:   "sign URL",
		Short: "Sign a request",
		Long: `Sign the request of a URL, absolute or from the path on, and its exact body. The
time signed is that of the URL's parameter timestamp, or now.

With --config the argument is a path, and flags give the parameters, as for
signature(config, path) of the JavaScript packages: a parameter version is
always signed, ` + sign.DefaultVersion + ` if neither --version nor the path gives one, and the
body is not.`,
		Example: `  ttshop sign 'https://host/order/202309/orders?app_key=k&ids=1'
  ttshop sign '/order/202309/orders/search?app_key=k&page_size=5' \
    --body '{"order_status":"UNPAID"}'
  ttshop sign '/product/202309/products?app_key=k' --body @product.json --json
  ttshop sign '/order/202309/orders?app_key=k' --secret-file secret.txt \
    --canonical
  ttshop sign --config /api/orders/search --app-key k --shop-id 7 \
    --param page_size=10`,
		Args: console.Takes(1, 1, "one URL"),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.URL = args[0]
			for _, name := range configFlags {
				if !o.Config && cmd.Flags().Changed(name) {
					return console.Usagef("--%s goes with --config; put the parameter into the URL", name)
				}
			}
			for _, name := range []string{"body", "content-type"} {
				if o.Config && cmd.Flags().Changed(name) {
					return console.Usagef("--%s cannot be used with --config, which signs no body; give the whole URL", name)
				}
			}
			return o.run(sys)
		},
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.BoolVar(&o.JSON, "json", false, `answer {"signature":"…","timestamp":…}`)
	o.signatureOptions.add(cmd)
	flags.BoolVar(&o.Canonical, "canonical", false, "also show the string that is signed, with the secret masked")
	flags.BoolVar(&o.Config, "config", false, "sign a path whose parameters the flags below give")
	flags.StringVar(&o.AppKey, "app-key", "", "the app's `KEY`, parameter app_key; default: "+platform.EnvAppKey)
	flags.StringVar(&o.ShopID, "shop-id", "", "the shop's `ID`, parameter shop_id")
	flags.StringVar(&o.ShopCipher, "shop-cipher", "", "the shop's `CIPHER`, parameter shop_cipher")
	flags.StringVar(&o.Version, "version", "", "the `VERSION`, parameter version")
	flags.Int64Var(&o.Timestamp, "timestamp", 0, "Unix `SECONDS`, parameter timestamp; default: the path's, or now")
	flags.StringArrayVar(&o.Params, "param", nil, "a further parameter `KEY=VALUE`; can be repeated")
	return cmd
}

func (o *signOptions) run(sys *platform.Session) error {
	if err := checkURL(sys, o.URL); err != nil {
		return err
	}
	m, err := o.read(sys)
	if err != nil {
		return err
	}
	now := sys.Now()
	var signature sign.Signature
	whole := o.URL
	if o.Config {
		var config sign.Config
		if config, err = o.config(sys); err != nil {
			return err
		}
		if signature, err = m.signer.SignConfig(config, o.URL, now); err == nil {
			whole = configURL(o.URL, config, signature.Timestamp)
		}
	} else {
		signature, err = m.signer.SignURL(o.URL, o.ContentType, m.body, now)
	}
	if err != nil {
		return &console.ExitError{Code: console.ExitUsage, Err: err}
	}
	whole = SignedURL(whole, signature)
	canonical := ""
	if o.Canonical {
		request, err := sign.RequestFromURL(whole, o.ContentType, m.body)
		if err != nil {
			return fmt.Errorf("read the signed URL: %w", err)
		}
		canonical = m.signer.Canonical(request)
	}
	if o.JSON {
		return console.WriteJSON(sys.Out, struct {
			sign.Signature
			Canonical string `json:"canonical,omitempty"`
		}{signature, canonical})
	}
	rows := []console.Row{
		{Label: "signature", Value: signature.Signature},
		{Label: "timestamp", Value: fmt.Sprintf("%d (%s)", signature.Timestamp, console.Moment(time.Unix(signature.Timestamp, 0)))},
		{Label: "send", Value: showURL(whole)},
	}
	if err := console.WriteRows(sys.Out, console.Painter(sys.Color), rows); err != nil {
		return err
	}
	if o.Canonical {
		if _, err := fmt.Fprintf(sys.Out, "\nsigned string:\n%s\n", console.Printable(canonical)); err != nil {
			return err
		}
	}
	o.notes(sys, whole, signature.Timestamp, now)
	return nil
}

// notes tells people what would make the platform refuse the request.
func (o *signOptions) notes(sys *platform.Session, whole string, timestamp int64, now time.Time) {
	const oldest, newest = 5 * 60, 30 // seconds
	age := now.Unix() - timestamp
	switch {
	case age > oldest:
		sys.Warn("the timestamp is %s old; the platform accepts at most 5 minutes", console.Span(time.Duration(age)*time.Second))
	case age < -newest:
		sys.Warn("the timestamp is %s ahead; the platform accepts at most 30 seconds", console.Span(time.Duration(-age)*time.Second))
	}
	_, rawQuery, _ := strings.Cut(console.Before(whole, "#"), "?")
	if !slices.ContainsFunc(field.SplitQuery(rawQuery), func(p field.Param) bool { return p.Key == "app_key" && p.Value != "" }) {
		sys.Warn("the URL has no parameter app_key, without which the platform refuses it")
	}
}

// config returns the config that the flags give.
func (o *signOptions) config(sys *platform.Session) (sign.Config, error) {
	c := sign.Config{
		AppKey: cmp.Or(o.AppKey, sys.Getenv(platform.EnvAppKey)), ShopID: o.ShopID, ShopCipher: o.ShopCipher,
		Version: o.Version, Timestamp: o.Timestamp,
	}
	if len(o.Params) > 0 {
		c.Extra = make(map[string]string, len(o.Params))
	}
	for _, text := range o.Params {
		key, value, err := field.KeyValue("--param", text)
		if err != nil {
			return c, err
		}
		c.Extra[key] = value
	}
	return c, nil
}

// configURL returns the path with all parameters that a config signs: those of
// the path, those of the config in their place, and the defaults.
func configURL(path string, c sign.Config, timestamp int64) string {
	path, rawQuery, _ := strings.Cut(console.Before(path, "#"), "?")
	query := make(url.Values)
	for _, p := range field.SplitQuery(rawQuery) {
		if !query.Has(p.Key) { // of a repeated key the first value is signed
			query.Set(p.Key, p.Value)
		}
	}
	for _, p := range []field.Param{{Key: "app_key", Value: c.AppKey}, {Key: "shop_id", Value: c.ShopID}, {Key: "shop_cipher", Value: c.ShopCipher}, {Key: "version", Value: c.Version}} {
		if p.Value != "" {
			query.Set(p.Key, p.Value)
		}
	}
	for key, value := range c.Extra {
		query.Set(key, value)
	}
	if !query.Has("version") {
		query.Set("version", sign.DefaultVersion)
	}
	query.Set("timestamp", strconv.FormatInt(timestamp, 10))
	parts := make([]string, 0, len(query))
	for key := range query {
		parts = append(parts, field.EscapeParam(key, query.Get(key)))
	}
	slices.Sort(parts)
	return path + "?" + strings.Join(parts, "&")
}

// SignedURL returns the URL with its signature and, where it has none, the
// timestamp. The rest of it stays byte for byte.
func SignedURL(rawURL string, signature sign.Signature) string {
	address, rawQuery, _ := strings.Cut(console.Before(rawURL, "#"), "?")
	var parts []string
	timed := false
	for part := range strings.SplitSeq(rawQuery, "&") {
		key := field.Unescape(console.Before(part, "="))
		if part == "" || key == "sign" {
			continue
		}
		timed = timed || key == "timestamp"
		parts = append(parts, part)
	}
	if !timed {
		parts = append(parts, "timestamp="+strconv.FormatInt(signature.Timestamp, 10))
	}
	parts = append(parts, "sign="+signature.Signature)
	return address + "?" + strings.Join(parts, "&")
}

// showURL returns a signed URL without the token that it may hold.
func showURL(rawURL string) string {
	address, rawQuery, _ := strings.Cut(rawURL, "?")
	parts := strings.Split(rawQuery, "&")
	for i, part := range parts {
		if key := console.Before(part, "="); key != "sign" && field.IsSecretParam(field.Unescape(key)) {
			parts[i] = key + "=" + field.Mask
		}
	}
	return console.Printable(address + "?" + strings.Join(parts, "&"))
}
