package fulfillment

import (
	"bytes"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// maxInvoice bounds the document of an invoice.
const maxInvoice = 1 << 20

// invoiceInput is an invoice of orders in a package.
type invoiceInput struct {
	PackageID string   `json:"package_id"`
	OrderIDs  []string `json:"order_ids"`
	FileType  string   `json:"file_type"`
	File      string   `json:"file"` // Base64
}

// invoiceError is what became of an invoice that was not taken.
type invoiceError struct {
	Code    int               `json:"code"`
	Message string            `json:"message"`
	Detail  invoiceErrorPlace `json:"detail"`
}

type invoiceErrorPlace struct {
	OrderIDs  []string `json:"order_ids"`
	PackageID string   `json:"package_id"`
}

// uploadInvoices takes in invoices of packages. What is wrong with one of them is
// told apart from those that are taken; the documents list no codes for that.
func uploadInvoices(c *gate.Call) *gate.Failure {
	var input struct {
		Invoices []invoiceInput `json:"invoices"`
	}
	if f := c.Decode(&input); f != nil {
		return f
	}
	if len(input.Invoices) == 0 {
		return gate.Missing("invoices")
	}
	if !c.Shop.Market.Invoices {
		return gate.Fail(codeRegionRefused, "invoices are uploaded by sellers in Brazil only")
	}
	problems := []invoiceError{}
	for i := range input.Invoices {
		in := &input.Invoices[i]
		if f := uploadInvoice(c.Shop, in, c.Now.Unix()); f != nil {
			problems = append(problems, invoiceError{f.Code, f.Message, invoiceErrorPlace{in.OrderIDs, in.PackageID}})
		}
	}
	c.JSON(struct {
		Errors []invoiceError `json:"errors"`
	}{problems})
	return nil
}

func uploadInvoice(s *world.Shop, in *invoiceInput, now int64) *gate.Failure {
	p := trade.Of(s).Packages[in.PackageID]
	switch {
	case p == nil:
		return gate.Fail(codeShopForeignPackage, "package ", in.PackageID, " does not exist or is not the shop's")
	case p.Status != trade.PackageToFulfill:
		return gate.Fail(trade.CodePackageAction, "package ", p.ID, " is ", p.Status)
	case len(in.OrderIDs) == 0:
		return gate.Missing("invoices.order_ids")
	case in.FileType != "XML":
		return gate.NotAllowed("invoices.file_type", in.FileType, []string{"XML"})
	}
	for _, id := range in.OrderIDs {
		at := slices.IndexFunc(p.OrderIDs(), func(own string) bool { return own == id })
		if at < 0 {
			return gate.Fail(codeCombineForeign, "order ", id, " is not in package ", p.ID)
		}
		if v := p.Parts[at].Invoice; v != nil && (v.Status == trade.InvoiceProcessing || v.Status == trade.InvoiceSuccess) {
			return gate.Fail(trade.CodePackageAction, "the invoice of order ", id, " is ", v.Status)
		}
	}
	document, err := base64.StdEncoding.DecodeString(in.File)
	if err != nil {
		return gate.Fail(gate.CodeInvalidParameter, "'invoices.file' is not Base64")
	}
	if len(document) > maxInvoice {
		return gate.Fail(gate.CodeInvalidParameter, "'invoices.file' is larger than 1 MB")
	}
	key, err := accessKeyOf(document)
	if err != nil {
		return gate.Fail(gate.CodeInvalidParameter, "'invoices.file' is not XML: ", err.Error())
	}
	trade.UploadInvoice(s, p, in.OrderIDs, key, now)
	return nil
}

// accessKey is the form of the access key of an electronic invoice.
var accessKey = regexp.MustCompile(`^(?:NFe)?(\d{44})$`)

// accessKeyOf reads an XML document to its end and returns the access key that it
// names: in the Id of its infNFe, or as its chNFe. It is empty where there is none.
func accessKeyOf(document []byte) (key string, err error) {
	decoder := xml.NewDecoder(bytes.NewReader(document))
	found, elements, inside := "", 0, ""
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			if elements == 0 {
				return "", errors.New("it has no element")
			}
			return found, nil
		}
		if err != nil {
			return "", err
		}
		candidate := ""
		switch token := token.(type) {
		case xml.StartElement:
			elements++
			inside = token.Name.Local
			for _, a := range token.Attr {
				if inside == "infNFe" && a.Name.Local == "Id" {
					candidate = a.Value
				}
			}
		case xml.EndElement:
			inside = ""
		case xml.CharData:
			if inside == "chNFe" {
				candidate = strings.TrimSpace(string(token))
			}
		}
		if match := accessKey.FindStringSubmatch(candidate); match != nil && found == "" {
			found = match[1]
		}
	}
}

const invoiceHelp = `POST   /_sandbox/packages/{id}/invoice  {"status":"SUCCESS|FAILED|INVALID","reason":"NOT_AUTHORIZED"}: the verdict
                                 on invoices that are checked; the reason is for INVALID
`

// postInvoice decides the invoices of a package that are checked.
func postInvoice(s *gate.Gate, w http.ResponseWriter, r *http.Request) {
	var input struct {
		Status string `json:"status"`
		Reason string `json:"reason"`
	}
	if !gate.ControlBody(w, r, &input) {
		return
	}
	statuses := []string{trade.InvoiceSuccess, trade.InvoiceFailed, trade.InvoiceInvalid}
	if !slices.Contains(statuses, input.Status) {
		gate.ControlError(w, http.StatusBadRequest, "status is one of "+strings.Join(statuses, ", "))
		return
	}
	if invalid := input.Status == trade.InvoiceInvalid; invalid != slices.Contains(trade.InvoiceReasons, input.Reason) || !invalid && input.Reason != "" {
		gate.ControlError(w, http.StatusBadRequest, "reason goes with INVALID and is one of "+strings.Join(trade.InvoiceReasons, ", "))
		return
	}
	world, now := s.Present()
	shop := world.Owners.Of(r.PathValue("id"))
	if shop == nil {
		gate.ControlError(w, http.StatusNotFound, "no package has this id")
		return
	}
	shop.Mu.Lock()
	defer shop.Mu.Unlock()
	p := trade.Of(shop).Packages[r.PathValue("id")]
	if p == nil {
		gate.ControlError(w, http.StatusNotFound, "no package has this id")
		return
	}
	if !trade.DecideInvoices(shop, p, input.Status, input.Reason, now.Unix()) {
		gate.ControlError(w, http.StatusConflict, "no invoice of package "+p.ID+" is checked")
		return
	}
	gate.ControlAnswer(w, http.StatusOK, struct {
		Status string `json:"status"`
	}{input.Status})
}
