// Package paper draws documents: PDF pages and barcodes.
package paper

import (
	"bytes"
	"fmt"
	"strings"
)

// PDF is a document in the Portable Document Format, written with the fonts
// that every reader has. Lengths are points, 1/72 of an inch, from the lower
// left corner of a page.
type PDF struct {
	Title string
	pages []*PDFPage
}

// PDFPage is a page that is being drawn.
type PDFPage struct {
	Width, Height float64
	content       bytes.Buffer
}

// Page appends an empty page.
func (d *PDF) Page(width, height float64) *PDFPage {
	p := &PDFPage{Width: width, Height: height}
	d.pages = append(d.pages, p)
	return p
}

// Text writes a line of text that begins at a point.
func (p *PDFPage) Text(x, y, size float64, bold bool, text string) {
	font := "F1"
	if bold {
		font = "F2"
	}
	fmt.Fprintf(&p.content, "BT /%s %.2f Tf %.2f %.2f Td (%s) Tj ET\n", font, size, x, y, pdfString(text))
}

// Box fills a rectangle.
func (p *PDFPage) Box(x, y, width, height float64) {
	fmt.Fprintf(&p.content, "%.3f %.3f %.3f %.3f re f\n", x, y, width, height)
}

// Frame draws a rectangle.
func (p *PDFPage) Frame(x, y, width, height float64) {
	fmt.Fprintf(&p.content, "%.3f %.3f %.3f %.3f re S\n", x, y, width, height)
}

// pdfString writes text in the characters that the fonts have. Letters that
// they lack lose their accents.
func pdfString(text string) string {
	var b strings.Builder
	for _, r := range text {
		r = plainLetter(r)
		switch {
		case r == '(' || r == ')' || r == '\\':
			b.WriteByte('\\')
			b.WriteByte(byte(r))
		case r >= 0x20 && r < 0x7f:
			b.WriteByte(byte(r))
		case r >= 0xa0 && r <= 0xff: // as in WinAnsiEncoding
			fmt.Fprintf(&b, "\\%03o", r)
		case r == '–' || r == '—':
			b.WriteByte('-')
		default:
			b.WriteByte('?')
		}
	}
	return b.String()
}

// plainLetter takes the accents off the letters of Vietnamese that are not in
// Latin 1.
func plainLetter(r rune) rune {
	for plain, accented := range map[rune]string{
		'a': "ăắằẳẵặấầẩẫậạả", 'A': "ĂẮẰẲẴẶẤẦẨẪẬẠẢ", 'd': "đ", 'D': "Đ",
		'e': "ếềểễệẹẻẽ", 'E': "ẾỀỂỄỆẸẺẼ", 'i': "ĩịỉ", 'I': "ĨỊỈ",
		'o': "ốồổỗộơớờởỡợọỏ", 'O': "ỐỒỔỖỘƠỚỜỞỠỢỌỎ", 'u': "ũưứừửữựụủ", 'U': "ŨƯỨỪỬỮỰỤỦ",
		'y': "ỳỵỷỹ", 'Y': "ỲỴỶỸ",
	} {
		if r > 0xff && strings.ContainsRune(accented, r) {
			return plain
		}
	}
	return r
}

// Bytes returns the finished document.
func (d *PDF) Bytes() []byte {
	const firstPage = 6 // after catalogue, page tree, two fonts and the title
	var b bytes.Buffer
	var offsets []int
	object := func(format string, args ...any) {
		offsets = append(offsets, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n", len(offsets))
		fmt.Fprintf(&b, format, args...)
		b.WriteString("\nendobj\n")
	}
	b.WriteString("%PDF-1.4\n%\xe2\xe3\xcf\xd3\n") // high bytes: this is not a text file
	object("<< /Type /Catalog /Pages 2 0 R >>")
	var kids strings.Builder
	for i := range d.pages {
		fmt.Fprintf(&kids, "%d 0 R ", firstPage+2*i)
	}
	object("<< /Type /Pages /Kids [ %s] /Count %d >>", kids.String(), len(d.pages))
	for _, name := range []string{"Helvetica", "Helvetica-Bold"} {
		object("<< /Type /Font /Subtype /Type1 /BaseFont /%s /Encoding /WinAnsiEncoding >>", name)
	}
	object("<< /Title (%s) /Producer (ttshop sandbox) >>", pdfString(d.Title))
	for i, p := range d.pages {
		object("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %.2f %.2f] /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> /Contents %d 0 R >>",
			p.Width, p.Height, firstPage+2*i+1)
		object("<< /Length %d >>\nstream\n%s\nendstream", p.content.Len(), p.content.String())
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(offsets)+1)
	for _, offset := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R /Info 5 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(offsets)+1, start)
	return b.Bytes()
}
