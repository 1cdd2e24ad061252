// Package naming turns the names of the API into Go names: operation titles,
// field names and enum values, with Go's initialisms.
package naming

import (
	"slices"
	"strings"
	"unicode"
)

// initialisms are the words that Go writes in capitals, in lower case.
var initialisms = map[string]string{
	"aht": "AHT", "api": "API", "bmsm": "BMSM", "cap": "CAP", "cn": "CN", "cod": "COD", "cpf": "CPF", "ctor": "CTOR", "ctr": "CTR",
	"dto": "DTO", "ean": "EAN", "ec": "EC", "epr": "EPR", "fbm": "FBM", "fbt": "FBT", "gmv": "GMV", "gne": "GNE", "gpa": "GPA",
	"gpm": "GPM", "gs": "GS", "gst": "GST", "gtin": "GTIN", "html": "HTML", "id": "ID", "ids": "IDs", "im": "IM", "ip": "IP",
	"isbn": "ISBN", "iso": "ISO", "isr": "ISR", "iva": "IVA", "jit": "JIT", "json": "JSON", "mcf": "MCF", "md5": "MD5",
	"nbfr": "NBFR", "nrr": "NRR", "otdr": "OTDR", "pdf": "PDF", "pit": "PIT", "pod": "POD", "pv": "PV", "qr": "QR", "rma": "RMA",
	"rp": "RP", "rts": "RTS", "seo": "SEO", "sfcr": "SFCR", "sfp": "SFP", "sioc": "SIOC", "skc": "SKC", "skcs": "SKCs",
	"skpp": "SKPP", "sku": "SKU", "skus": "SKUs", "sla": "SLA", "sns": "SNS", "sof": "SOF", "sps": "SPS", "spu": "SPU",
	"spus": "SPUs", "sst": "SST", "tap": "TAP", "tcw": "TCW", "tiktok": "TikTok", "tiktokshop": "TikTokShop", "tin": "TIN",
	"tts": "TTS", "upc": "UPC", "uri": "URI", "uris": "URIs", "url": "URL", "urls": "URLs", "utc": "UTC", "uv": "UV", "vat": "VAT",
	"wms": "WMS", "xml": "XML", "zpl": "ZPL",
}

// misspelled are words that the platform misspells; Go names have them right, the
// wire keeps them as they are.
//
//nolint:misspell // they are the point
var misspelled = map[string]string{
	"avaliable": "available", "batchs": "batches", "calcelled": "cancelled", "collabration": "collaboration",
	"deliveryed": "delivered", "distict": "district", "fileds": "fields", "heigth": "height", "infomation": "information",
	"inivited": "invited", "invaild": "invalid", "merchat": "merchant", "oepn": "open", "operater": "operator",
	"produt": "product", "requried": "required", "segement": "segment", "segements": "segments", "sended": "sent",
	"staus": "status", "unauthoriezd": "unauthorized",
}

// Misspelled reports whether a value holds a word that the platform misspells.
func Misspelled(value string) bool {
	return slices.ContainsFunc(splitWords(value), func(word string) bool { return misspelled[strings.ToLower(word)] != "" })
}

// Exported returns the Go name of a field name such as buyer_user_id.
func Exported(name string) string { return exported(name, capitalise) }

// AsSpelled is Exported without the corrections of misspelled words.
func AsSpelled(name string) string { return exported(name, capitaliseAsSpelled) }

func exported(name string, capitalise func(word string) string) string {
	var b strings.Builder
	for _, word := range splitWords(name) {
		b.WriteString(capitalise(word))
	}
	out := b.String()
	if out != "" && !unicode.IsLetter(rune(out[0])) {
		out = "Field" + out
	}
	return out
}

// Operation returns the Go name of an operation title such as GetSkuList.
func Operation(title string) string {
	var b strings.Builder
	for _, word := range splitCamel(title) {
		b.WriteString(capitalise(word))
	}
	return b.String()
}

// Constant returns what an enum value adds to the name of its type, such as
// AwaitingShipment for AWAITING_SHIPMENT.
func Constant(value string) string {
	var b strings.Builder
	var last rune
	for _, word := range splitWords(value) {
		word = capitalise(word)
		// Two numbers side by side are a range: 18_24.
		if first := rune(word[0]); unicode.IsDigit(last) && unicode.IsDigit(first) {
			b.WriteString("To")
		}
		b.WriteString(word)
		last = rune(word[len(word)-1])
	}
	return b.String()
}

// Unexported returns name with its first word in lower case: getOrderList, skuID.
func Unexported(name string) string {
	words := splitCamel(name)
	if len(words) == 0 {
		return name
	}
	return strings.ToLower(words[0]) + name[len(words[0]):]
}

// Join puts prefix before name; a word that ends the one and begins the other
// appears once: Join("DeliveryOrder", "OrderType") is DeliveryOrderType.
func Join(prefix, name string) string {
	before, after := splitCamel(prefix), splitCamel(name)
	if len(before) > 0 && len(after) > 0 && before[len(before)-1] == after[0] {
		return prefix + name[len(after[0]):]
	}
	return prefix + name
}

// Snake returns a Go name in lower case with underscores: get_order_list.
func Snake(name string) string {
	words := splitCamel(name)
	for i, w := range words {
		words[i] = strings.ToLower(w)
	}
	return strings.Join(words, "_")
}

// Kebab returns a title in lower case with dashes, as in the
// addresses of the documentation.
func Kebab(title string) string { return strings.ReplaceAll(Snake(title), "_", "-") }

func capitalise(word string) string {
	if s, ok := misspelled[strings.ToLower(word)]; ok {
		word = s
	}
	return capitaliseAsSpelled(word)
}

func capitaliseAsSpelled(word string) string {
	lower := strings.ToLower(word)
	if s, ok := initialisms[lower]; ok {
		return s
	}
	if word != lower && word != strings.ToUpper(word) {
		return strings.ToUpper(word[:1]) + word[1:] // mixed case stays
	}
	return strings.ToUpper(lower[:1]) + lower[1:]
}

func splitWords(name string) []string {
	return strings.FieldsFunc(name, func(r rune) bool {
		return r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
}

// plurals are initialisms with a lower-case s, which end a word.
var plurals = []string{"SKUs", "SPUs", "SKCs", "IDs", "URLs", "URIs"}

// mixed are names whose capitals do not start a new word.
var mixed = []string{"TikTok"}

// splitCamel splits before a capital that follows a lower-case letter and before
// the last of several capitals: GetSKUPrintDocument is Get SKU Print Document.
func splitCamel(name string) []string {
	name = strings.NewReplacer("-", "", " ", "").Replace(name)
	var words []string
	for name != "" {
		n := wordLength(name)
		words = append(words, name[:n])
		name = name[n:]
	}
	return slices.Clip(words)
}

func wordLength(s string) int {
	for _, list := range [][]string{plurals, mixed} {
		for _, p := range list {
			if strings.HasPrefix(s, p) && (len(s) == len(p) || !isLower(s[len(p)])) {
				return len(p)
			}
		}
	}
	capitals := 0
	for capitals < len(s) && !isLower(s[capitals]) {
		capitals++
	}
	if capitals > 1 {
		if capitals == len(s) {
			return splitRun(s)
		}
		return splitRun(s[:capitals-1])
	}
	n := capitals
	for n < len(s) && (isLower(s[n]) || isDigit(s[n]) && n > 1) {
		n++
	}
	return max(n, 1)
}

// splitRun returns the length of the first word of a run of capitals, which may
// hold two initialisms: GSSKU, FBTMCF.
func splitRun(run string) int {
	for n := len(run) - 1; n >= 2; n-- {
		_, head := initialisms[strings.ToLower(run[:n])]
		_, tail := initialisms[strings.ToLower(run[n:])]
		if head && tail {
			return n
		}
	}
	return len(run)
}

func isLower(c byte) bool { return c >= 'a' && c <= 'z' }
func isDigit(c byte) bool { return c >= '0' && c <= '9' }
