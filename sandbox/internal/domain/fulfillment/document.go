package fulfillment

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/paper"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// documentPrefix is where shipping documents are that answers link to.
const documentPrefix = world.ControlPrefix + "documents/"

// dropOffPage tells where packages can be dropped off.
const dropOffPage = "drop-off-points"

// The documents of a package.
const (
	documentLabel        = "SHIPPING_LABEL"
	documentSlip         = "PACKING_SLIP"
	documentLabelAndSlip = "SHIPPING_LABEL_AND_PACKING_SLIP"
	documentPicture      = "SHIPPING_LABEL_PICTURE"
	documentHazmat       = "HAZMAT_LABEL"
	documentInvoice      = "INVOICE_LABEL"
)

// getShippingDocument answers with a link to a document of a package, which
// the platform's carriers have once the shipment is arranged and until they
// collect it.
func getShippingDocument(c *gate.Call) *gate.Failure {
	kind, f := c.OneOf("document_type", "", documentLabel, documentSlip, documentLabelAndSlip, documentPicture, documentHazmat, documentInvoice)
	if f != nil {
		return f
	}
	if kind == "" {
		return gate.Missing("document_type")
	}
	size, f := c.OneOf("document_size", "A6", "A6", "A5")
	if f != nil {
		return f
	}
	format, f := c.OneOf("document_format", "PDF", "PDF", "ZPL")
	if f != nil {
		return f
	}
	p := trade.Of(c.Shop).Packages[c.Param(0)]
	if p == nil {
		return gate.Fail(codeNoShippingData, "package ", c.Param(0), " does not exist or is not the shop's")
	}
	switch {
	case p.ShippingType != trade.ShippingTikTok:
		return gate.Fail(codeNotTikTokShipped, "package ", p.ID, " is shipped by the seller, who has the documents")
	case p.Status == trade.PackageToFulfill:
		return gate.Fail(codeDocumentTooEarly, "package ", p.ID, " is not shipped yet, arrange that first")
	case p.Status == trade.PackageCancelled:
		return gate.Fail(codeDocumentCancelled, "package ", p.ID, " is cancelled")
	case p.Status != trade.PackageProcessing:
		return gate.Fail(codeDocumentTooLate, "package ", p.ID, " is with the carrier already")
	case kind == documentHazmat || kind == documentInvoice && !c.Shop.Market.Invoices:
		// No product here is dangerous.
		return gate.Fail(codeNoShippingData, "package ", p.ID, " has no ", kind)
	}
	for _, id := range p.OrderIDs() {
		if trade.PendingCancellation(c.Shop, id) != nil {
			return gate.Fail(codeDocumentBlocked, "the buyer of order ", id, " wants to cancel")
		}
	}
	if kind == documentInvoice {
		size = "A6" // whatever was asked for
	}
	extension := "pdf"
	switch {
	case kind == documentPicture:
		extension = "png"
	case format == "ZPL" && kind == documentLabel: // printers know labels only
		extension = "zpl"
	}
	c.JSON(struct {
		URL            string `json:"doc_url"`
		TrackingNumber string `json:"tracking_number"`
	}{
		c.BaseURL() + documentPrefix + strings.Join([]string{p.ID, kind, size, documentKey(c.State.World, p.ID)}, "-") + "." + extension,
		p.TrackingNumber,
	})
	return nil
}

// documentKey makes the link to a document one that cannot be guessed: there
// are addresses on it.
func documentKey(w *world.World, id string) string {
	key := invent.Mix(invent.Mix(w.Seed+invent.StreamTrade) ^ uint64(invent.Number(id)))
	return strconv.FormatUint(key, 36)
}

// serveDocument shows a document. A package that was collected keeps it.
func serveDocument(s *gate.Gate, w http.ResponseWriter, r *http.Request) {
	if r.PathValue("name") == dropOffPage {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = io.WriteString(w, "Any counter of the carrier takes packages of the sandbox.\n")
		return
	}
	world := s.State.Load().World
	name, extension, _ := strings.Cut(r.PathValue("name"), ".")
	parts := strings.Split(name, "-")
	if len(parts) != 4 {
		http.NotFound(w, r)
		return
	}
	id, kind, size := parts[0], parts[1], parts[2]
	owner := world.Owners.Of(id)
	if owner == nil || parts[3] != documentKey(world, id) {
		http.NotFound(w, r)
		return
	}
	owner.Mu.RLock()
	defer owner.Mu.RUnlock()
	var body []byte
	mediaType := "application/pdf"
	b, bundled := trade.Of(owner).Bundles[id]
	p := trade.Of(owner).Packages[id]
	switch {
	case bundled:
		body = bundleLabel(owner, id, b).Bytes()
	case p == nil || !slices.Contains([]string{documentLabel, documentSlip, documentLabelAndSlip, documentPicture}, kind):
		http.NotFound(w, r)
		return
	case extension == "png":
		body, mediaType = barcodePicture(p.TrackingNumber), "image/png"
	case extension == "zpl":
		body, mediaType = zpl(owner, p), "text/plain; charset=utf-8"
	default:
		body = document(owner, p, kind, size).Bytes()
	}
	header := w.Header()
	header.Set("Content-Type", mediaType)
	header.Set("Content-Length", strconv.Itoa(len(body)))
	header.Set("X-Content-Type-Options", "nosniff")
	_, _ = w.Write(body) // fails only where nobody waits for it
}

// document draws the document of a package, one or more pages.
func document(s *world.Shop, p *trade.Parcel, kind, size string) *paper.PDF {
	const mm = 72 / 25.4
	width, height := 105*mm, 148*mm
	if size == "A5" {
		width, height = 148*mm, 210*mm
	}
	d := &paper.PDF{Title: kind + " " + p.ID}
	if kind != documentSlip {
		label(s, d.Page(width, height), p)
	}
	if kind != documentLabel {
		packingSlip(s, d, width, height, p)
	}
	return d
}

// label draws a shipping label. Lengths are those of A6, larger paper scales.
func label(s *world.Shop, page *paper.PDFPage, p *trade.Parcel) {
	scale := page.Width / 297.6
	at := func(x, y float64) (float64, float64) { return x * scale, page.Height - y*scale }
	text := func(x, y, size float64, bold bool, line string) {
		px, py := at(x, y)
		page.Text(px, py, size*scale, bold, line)
	}
	frame := func(x, y, w, h float64) {
		px, py := at(x, y+h)
		page.Frame(px, py, w*scale, h*scale)
	}
	o := trade.OrdersOf(s).ByID[p.Parts[0].OrderID]
	frame(10, 10, 277, 400)
	text(20, 34, 18, true, p.ProviderName)
	text(20, 50, 8, false, "SANDBOX - NOT FOR SHIPMENT")
	frame(10, 60, 277, 92)
	x, y := at(24, 122)
	barcode(page, x, y, 250*scale, 48*scale, p.TrackingNumber)
	text(24, 140, 11, true, p.TrackingNumber)
	text(20, 170, 7, true, "TO")
	if a := o.RecipientAddress; a != nil {
		text(20, 186, 11, true, a.Name)
		text(20, 200, 9, false, a.PhoneNumber)
		for i, line := range wrapText(a.FullAddress, 48) {
			text(20, 214+12*float64(i), 9, false, line)
		}
	}
	text(20, 276, 7, true, "FROM")
	if from := s.Warehouse(o.WarehouseID); from != nil {
		text(20, 290, 9, true, s.Name)
		for i, line := range wrapText(from.Address.FullAddress, 54) {
			text(20, 302+11*float64(i), 8, false, line)
		}
	}
	frame(10, 340, 277, 70)
	text(20, 356, 8, false, "Package "+p.ID)
	text(20, 368, 8, false, "Order "+strings.Join(p.OrderIDs(), ", "))
	text(20, 380, 8, false, "Units "+strconv.Itoa(len(p.Lines()))+"   "+o.DeliveryOptionName)
	if p.Weight != nil && p.Dimension != nil {
		text(20, 392, 8, false, fmt.Sprintf("%s %s   %s x %s x %s %s", p.Weight.Value, strings.ToLower(p.Weight.Unit),
			p.Dimension.Length, p.Dimension.Width, p.Dimension.Height, strings.ToLower(p.Dimension.Unit)))
	}
	if p.PickupSlot != nil || p.HandoverMethod != "" {
		text(20, 404, 8, false, "Hand-over "+p.HandoverMethod)
	}
}

// packingSlip lists what is in a package, on as many pages as that takes.
func packingSlip(s *world.Shop, d *paper.PDF, width, height float64, p *trade.Parcel) {
	const margin, step = 24, 13
	var page *paper.PDFPage
	var y float64
	line := func(bold bool, text string) {
		if page == nil || y < margin+step {
			page = d.Page(width, height)
			page.Text(margin, height-36, 14, true, "Packing slip")
			page.Text(margin, height-50, 8, false, "Package "+p.ID+"   "+p.TrackingNumber)
			y = height - 72
		}
		page.Text(margin, y, 8, bold, text)
		y -= step
	}
	type count struct {
		name, sku, seller string
		units             int
	}
	for _, part := range p.Parts {
		o := trade.OrdersOf(s).ByID[part.OrderID]
		line(true, "Order "+o.ID)
		var list []count
		for _, id := range part.Lines {
			l := o.Line(id)
			if i := slices.IndexFunc(list, func(c count) bool { return c.sku == l.SKUID }); i >= 0 {
				list[i].units++
				continue
			}
			list = append(list, count{l.ProductName + ", " + l.SKUName, l.SKUID, l.SellerSKU, 1})
		}
		for _, c := range list {
			for i, text := range wrapText(fmt.Sprintf("%d x %s", c.units, c.name), int(width/4.6)) {
				line(i == 0, text)
			}
			line(false, "SKU "+c.seller+" ("+c.sku+")")
		}
		if o.BuyerMessage != "" {
			line(false, "Buyer: "+o.BuyerMessage)
		}
	}
}

// barcode draws a text in Code 128.
func barcode(p *paper.PDFPage, x, y, width, height float64, text string) {
	widths := paper.Code128(text)
	modules := 20 // the quiet zones
	for _, w := range widths {
		modules += w
	}
	module := width / float64(modules)
	at := x + 10*module
	for i, w := range widths {
		if i%2 == 0 {
			p.Box(at, y, float64(w)*module, height)
		}
		at += float64(w) * module
	}
}

// barcodePicture draws a label as a picture: its number as a barcode.
func barcodePicture(text string) []byte {
	const module, height, quiet = 3, 180, 10 * 3
	widths := paper.Code128(text)
	width := 2 * quiet
	for _, w := range widths {
		width += w * module
	}
	picture := image.NewPaletted(image.Rect(0, 0, width, height+2*quiet), color.Palette{color.White, color.Black})
	x := quiet
	for i, w := range widths {
		for dx := range w * module {
			for y := range height {
				picture.Pix[(quiet+y)*picture.Stride+x+dx] = uint8(1 - i%2)
			}
		}
		x += w * module
	}
	var b bytes.Buffer
	if err := png.Encode(&b, picture); err != nil {
		panic("sandbox: drawing a label: " + err.Error()) // a buffer takes everything
	}
	return b.Bytes()
}

// zpl writes a label in the language of label printers.
func zpl(s *world.Shop, p *trade.Parcel) []byte {
	var b bytes.Buffer
	field := func(x, y, size int, text string) {
		text = strings.NewReplacer("^", " ", "~", " ").Replace(text)
		fmt.Fprintf(&b, "^FO%d,%d^A0N,%d,%d^FD%s^FS\n", x, y, size, size, text)
	}
	o := trade.OrdersOf(s).ByID[p.Parts[0].OrderID]
	b.WriteString("^XA\n^CI28\n") // the text is UTF-8
	field(40, 40, 50, p.ProviderName)
	field(40, 100, 24, "SANDBOX - NOT FOR SHIPMENT")
	fmt.Fprintf(&b, "^FO40,150^BY2^BCN,120,Y,N,N^FD%s^FS\n", p.TrackingNumber)
	if a := o.RecipientAddress; a != nil {
		field(40, 330, 34, a.Name)
		for i, line := range wrapText(a.FullAddress, 44) {
			field(40, 375+34*i, 28, line)
		}
	}
	field(40, 560, 24, "Package "+p.ID)
	b.WriteString("^XZ\n")
	return b.Bytes()
}

// wrapText breaks a text into lines of at most width characters where it has
// spaces. A longer word has a line of its own.
func wrapText(text string, width int) []string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(text) {
		if line != "" && len([]rune(line))+1+len([]rune(word)) > width {
			lines = append(lines, line)
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	return append(lines, line)
}
