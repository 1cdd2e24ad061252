package pages

import (
	"html/template"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/media"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/product"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/promotion"
	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/notify"
)

// webFuncs are what the templates can call.
func webFuncs() template.FuncMap {
	return template.FuncMap{
		"clock":   func(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05") },
		"time":    func(t time.Time) string { return t.UTC().Format("15:04:05.000") },
		"iso":     func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
		"unix":    func(seconds int64) time.Time { return time.Unix(seconds, 0) },
		"until":   func(at int64, now time.Time) string { return distance(time.Unix(at, 0).Sub(now)) },
		"ms":      func(ms float64) string { return strconv.FormatFloat(ms, 'f', decimals(ms), 64) },
		"tone":    tone,
		"code":    statusTone,
		"json":    prettyJSON,
		"breaks":  breakable,
		"step":    stepLabel,
		"bytes":   byteCount,
		"escape":  pathSegment,
		"percent": func(hundredths int64) string { return strconv.FormatFloat(float64(hundredths)/100, 'f', -1, 64) + "%" },
		"image":   func(uri string) string { return media.ImagePrefix + media.FileName(uri) },
		"count":   counted,
		"link":    func(path string, pairs ...string) string { return webLink(path, pairs...) },
		"choices": func(list ...string) []string { return list },
	}
}

// webLink returns the address of a page with the parameters that are not empty,
// given as names and values.
func webLink(path string, pairs ...string) string { return linkTo(WebPrefix+path, pairs...) }

// linkTo returns a path with the parameters that are not empty.
func linkTo(path string, pairs ...string) string {
	query := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			query.Set(pairs[i], pairs[i+1])
		}
	}
	if len(query) == 0 {
		return path
	}
	return path + "?" + query.Encode()
}

func decimals(ms float64) int {
	if ms < 10 {
		return 2
	}
	return 0
}

// distance writes how far off a moment is, in its two largest units.
func distance(d time.Duration) string {
	before, after := "in ", ""
	if d < 0 {
		before, after, d = "", " ago", -d
	}
	seconds := int64(d / time.Second)
	var text []string
	for _, unit := range []struct {
		name string
		size int64
	}{{"d", 24 * 3600}, {"h", 3600}, {"min", 60}, {"s", 1}} {
		if n := seconds / unit.size; n > 0 && len(text) < 2 {
			text = append(text, strconv.FormatInt(n, 10)+" "+unit.name)
			seconds %= unit.size
		} else if len(text) > 0 {
			break
		}
	}
	if text == nil {
		return "now"
	}
	return before + strings.Join(text, " ") + after
}

// brief returns a duration without the zeros at its end: 13h, 1m30s.
func brief(d time.Duration) string {
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

// counted writes a number of things, whose plural ends in s.
func counted(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return strconv.Itoa(n) + " " + thing + "s"
}

func byteCount(n int) string {
	if n < 1<<10 {
		return counted(n, "byte")
	}
	return strconv.FormatFloat(float64(n)/(1<<10), 'f', 1, 64) + " KB"
}

// spoken turns a constant into words: AWAITING_SHIPMENT into awaiting shipment.
func spoken(constant string) string {
	return strings.ToLower(strings.ReplaceAll(constant, "_", " "))
}

// The tones in which states are shown, beside their names.
const (
	toneGood    = "good"
	toneBad     = "bad"
	toneWaiting = "waiting"
	toneMoving  = "moving"
	toneQuiet   = "quiet"
)

// tone returns the tone of a state of whatever kind.
func tone(state string) string {
	switch {
	case slices.Contains([]string{trade.OrderDelivered, trade.OrderCompleted, product.ProductActivate, notify.DeliveryDelivered, product.AuditApproved, trade.CancelComplete,
		grantActive, promotion.ActivityOngoing, "PAID", trade.ReturnComplete, trade.ReplacementComplete, trade.CancelSuccess, trade.ReturnSuccess, trade.ReplacementRefund}, state):
		return toneGood
	case slices.Contains([]string{grantRevoked, grantExpired, product.ProductFailed, product.ProductPlatformDeactivated, product.ProductFreeze, notify.DeliveryDropped, trade.ReturnRejected,
		trade.ReturnGoodsRejected, trade.ReplacementRejected}, state):
		return toneBad
	case slices.Contains([]string{trade.OrderUnpaid, trade.OrderOnHold, trade.OrderAwaitingShipment, trade.PackageToFulfill, product.ProductPending, product.AuditAuditing,
		notify.DeliveryPending, notify.DeliveryRetrying, trade.CancelPending, trade.ReturnPending, trade.ReplacementPending, trade.ReturnAwaitingShip}, state):
		return toneWaiting
	case slices.Contains([]string{"PROCESSING", "NOT_START", trade.OrderPartiallyShipping, trade.OrderAwaitingCollection, trade.OrderInTransit, trade.PackageProcessing,
		trade.PackageFulfilling, trade.ReturnShipped}, state):
		return toneMoving
	}
	return toneQuiet
}

// statusTone returns the tone of an answer.
func statusTone(status, code int) string {
	if status >= 200 && status < 400 && code == 0 {
		return toneGood
	}
	return toneBad
}

// breakable lets a long path or address break after its slashes.
func breakable(path string) template.HTML {
	return template.HTML(strings.ReplaceAll(template.HTMLEscapeString(path), "/", "/<wbr>"))
}

// prettyJSON indents JSON and marks its parts. It reads no further than it
// must, so that texts that were cut off are shown too; other texts stay as they
// are.
func prettyJSON(text string) template.HTML {
	if start := strings.TrimSpace(text); start == "" || start[0] != '{' && start[0] != '[' {
		return template.HTML(template.HTMLEscapeString(text))
	}
	var b strings.Builder
	depth := 0
	line := func() {
		b.WriteByte('\n')
		for range depth {
			b.WriteString("  ")
		}
	}
	mark := func(class, part string) {
		b.WriteString(`<span class="` + class + `">`)
		template.HTMLEscape(&b, []byte(part))
		b.WriteString("</span>")
	}
	for i := 0; i < len(text); {
		switch c := text[i]; c {
		case ' ', '\t', '\n', '\r':
			i++
		case '"':
			end := i + 1
			for end < len(text) && text[end] != '"' {
				if text[end] == '\\' {
					end++
				}
				end++
			}
			end = min(end+1, len(text))
			class := "s"
			if strings.HasPrefix(strings.TrimLeft(text[end:], " \t\r\n"), ":") {
				class = "k"
			}
			mark(class, text[i:end])
			i = end
		case '{', '[':
			b.WriteByte(c)
			i++
			if rest := strings.TrimLeft(text[i:], " \t\r\n"); rest != "" && (rest[0] == '}' || rest[0] == ']') {
				b.WriteByte(rest[0])
				i = len(text) - len(rest) + 1
				continue
			}
			depth++
			line()
		case '}', ']':
			depth = max(depth-1, 0)
			line()
			b.WriteByte(c)
			i++
		case ',':
			b.WriteByte(c)
			line()
			i++
		case ':':
			b.WriteString(": ")
			i++
		default:
			end := i + 1
			for end < len(text) && !strings.ContainsRune(" \t\r\n\",:{}[]", rune(text[end])) {
				end++
			}
			mark("n", text[i:end])
			i = end
		}
	}
	return template.HTML(b.String())
}

// pathSegment escapes an id for a path. Ids hold no dots; a lone dot would
// lead elsewhere.
func pathSegment(id string) string {
	return strings.ReplaceAll(url.PathEscape(id), ".", "%2E")
}
