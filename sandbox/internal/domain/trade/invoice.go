package trade

import (
	"slices"
	"strconv"

	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// Invoice is the invoice of what a package holds of an order. Markets that ask for
// one ship nothing before the platform has approved it.
type Invoice struct {
	Status string `json:"status"`
	Reason string `json:"reason,omitempty"` // of InvoiceInvalid
	Key    string `json:"key"`              // access key of the document; "" where it has none
	Next   int64  `json:"next,omitempty"`   // when the verdict comes
}

// The states of an invoice.
const (
	InvoiceProcessing = "PROCESSING"
	InvoiceSuccess    = "SUCCESS"
	InvoiceFailed     = "FAILED"
	InvoiceInvalid    = "INVALID"
)

// InvoiceReasons say what is wrong with an invoice that is INVALID.
var InvoiceReasons = []string{"UNKNOWN", "FAILED", invoiceNotFound, "NOT_AUTHORIZED", invoiceDuplicate}

const (
	invoiceNotFound  = "NOT_FOUND"
	invoiceDuplicate = "ACCESS_KEY_DUPLICATE"
)

// invoicePeriod is how long the check of an invoice takes, in seconds. The
// documents do not tell.
const invoicePeriod = 60

// Whether an order waits for an invoice.
const (
	invoiceUnknown   = "UNKNOWN"
	invoiceNeeded    = "NEED_INVOICE"
	invoiceNotNeeded = "NO_NEED"
	invoiceUploaded  = "INVOICE_UPLOADED"
	invoiceChecked   = "INVOICE_PROCESSING"
)

// invoiceChange is the data of type 36.
type invoiceChange struct {
	PackageID string   `json:"package_id"`
	OrderIDs  []string `json:"order_ids"`
	Status    string   `json:"invoice_status"`
	Reason    string   `json:"invalid_reason,omitempty"`
}

// invoiceNeed tells whether an order waits for an invoice, nothing where the
// market asks for none. One part of a split order with an invoice is enough.
func invoiceNeed(s *world.Shop, o *Order) string {
	if !s.Market.Invoices {
		return ""
	}
	switch o.Status {
	case OrderUnpaid, OrderOnHold:
		return invoiceUnknown
	case OrderCancelled:
		return invoiceNotNeeded
	}
	need := invoiceNeeded
	for _, p := range PackagesOf(s, o) {
		for i := range p.Parts {
			part := &p.Parts[i]
			switch {
			case part.OrderID != o.ID || part.Invoice == nil:
			case part.Invoice.Status == InvoiceSuccess:
				return invoiceUploaded
			case part.Invoice.Status == InvoiceProcessing:
				need = invoiceChecked
			}
		}
	}
	return need
}

// RefuseUninvoiced says why a package may not be shipped where the market wants
// an invoice for each of its orders first.
func RefuseUninvoiced(s *world.Shop, p *Parcel) *gate.Failure {
	if !s.Market.Invoices {
		return nil
	}
	for i := range p.Parts {
		switch part := &p.Parts[i]; {
		case part.Invoice == nil:
			return gate.Fail(CodeInvoiceMissing, "order ", part.OrderID, " in package ", p.ID, " has no invoice: upload one")
		case part.Invoice.Status != InvoiceSuccess:
			return gate.Fail(CodeInvoiceOpen, "the invoice of order ", part.OrderID, " in package ", p.ID, " is ", part.Invoice.Status)
		}
	}
	return nil
}

// UploadInvoice takes in the invoice of orders in a package, which is checked
// then.
func UploadInvoice(s *world.Shop, p *Parcel, orders []string, key string, now int64) {
	next := now + invoicePeriod
	setInvoice(s, p, orders, Invoice{Status: InvoiceProcessing, Key: key, Next: next}, now)
	s.Schedule(next, deadlineInvoice, p.ID)
}

// setInvoice gives orders in a package an invoice and announces its state.
func setInvoice(s *world.Shop, p *Parcel, orders []string, v Invoice, now int64) {
	for i := range p.Parts {
		if part := &p.Parts[i]; slices.Contains(orders, part.OrderID) {
			part.Invoice = new(v)
		}
	}
	p.UpdateTime = max(p.UpdateTime, now)
	for _, id := range orders {
		o := OrdersOf(s).ByID[id]
		o.NeedUploadInvoice = invoiceNeed(s, o)
		OrdersOf(s).changed(o, now)
	}
	s.Emit(eventInvoice, invoiceChange{p.ID, orders, v.Status, v.Reason})
}

// checkInvoices ends the checks of the invoices of a package that are due: a
// document needs an access key that no other has.
func checkInvoices(s *world.Shop, p *Parcel, at int64) {
	for _, v := range openInvoices(p) {
		if v.Next != at {
			continue
		}
		switch {
		case v.Key == "":
			decideInvoice(s, p, v, InvoiceInvalid, invoiceNotFound, at)
		case invoicedElsewhere(s, p, v.Key):
			decideInvoice(s, p, v, InvoiceInvalid, invoiceDuplicate, at)
		default:
			decideInvoice(s, p, v, InvoiceSuccess, "", at)
		}
	}
}

// followInvoices lets the checks of invoices go on in a package that has taken them
// over from another.
func followInvoices(s *world.Shop, p *Parcel) {
	for _, v := range openInvoices(p) {
		s.Schedule(v.Next, deadlineInvoice, p.ID)
	}
}

// openInvoices lists the invoices of a package that are checked, one that covers
// several orders once.
func openInvoices(p *Parcel) (list []Invoice) {
	for i := range p.Parts {
		if v := p.Parts[i].Invoice; v != nil && v.Status == InvoiceProcessing && !slices.Contains(list, *v) {
			list = append(list, *v)
		}
	}
	return list
}

// DecideInvoices decides all invoices of a package that are checked, and tells
// whether there are any.
func DecideInvoices(s *world.Shop, p *Parcel, status, reason string, now int64) bool {
	open := openInvoices(p)
	for _, v := range open {
		decideInvoice(s, p, v, status, reason, now)
	}
	return len(open) > 0
}

// decideInvoice is the verdict on an invoice of a package.
func decideInvoice(s *world.Shop, p *Parcel, v Invoice, status, reason string, now int64) {
	var orders []string
	for i := range p.Parts {
		if part := &p.Parts[i]; part.Invoice != nil && *part.Invoice == v {
			orders = append(orders, part.OrderID)
		}
	}
	setInvoice(s, p, orders, Invoice{Status: status, Reason: reason, Key: v.Key}, now)
}

// invoicedElsewhere tells whether another package has an invoice with a key that
// was not refused.
func invoicedElsewhere(s *world.Shop, p *Parcel, key string) bool {
	for _, other := range Of(s).Packages {
		for i := range other.Parts {
			if v := other.Parts[i].Invoice; other != p && v != nil && v.Key == key && v.Status == InvoiceSuccess {
				return true
			}
		}
	}
	return false
}

// invoiceAll gives what a package lacks of approved invoices, for sellers whom the
// control API plays.
func invoiceAll(s *world.Shop, p *Parcel, now int64) {
	if !s.Market.Invoices {
		return
	}
	var orders []string
	for i := range p.Parts {
		if v := p.Parts[i].Invoice; v == nil || v.Status != InvoiceSuccess {
			orders = append(orders, p.Parts[i].OrderID)
		}
	}
	if len(orders) > 0 {
		setInvoice(s, p, orders, Invoice{Status: InvoiceSuccess, Key: accessKey(p.ID)}, now)
	}
}

// accessKey is the access key of the invoice of a package, 44 digits.
func accessKey(id string) string {
	key := "35"
	for i := 0; len(key) < 44; i++ {
		key += strconv.FormatUint(1_000_000_000+invent.FNVMixed([]string{"invoice", id, strconv.Itoa(i)})%9_000_000_000, 10)
	}
	return key[:44]
}

// cpfOf is the taxpayer number of a buyer, with the two check digits that such a
// number has.
func cpfOf(buyer string) string {
	digits := []byte(strconv.FormatUint(1_000_000_000+invent.FNVMixed([]string{"cpf", buyer})%1_000_000_000, 10)[1:])
	for range 2 {
		sum := 0
		for i, d := range digits {
			sum += int(d-'0') * (len(digits) + 1 - i)
		}
		digits = append(digits, byte('0'+sum*10%11%10))
	}
	return string(digits)
}

// seedInvoice gives a package of the seed an invoice: approved where it is shipped,
// and in some cases before that or refused.
func seedInvoice(s *world.Shop, p *Parcel) {
	if !s.Market.Invoices {
		return
	}
	v := Invoice{Status: InvoiceSuccess, Key: accessKey(p.ID)}
	if p.Status == PackageToFulfill {
		switch invent.FNVMixed([]string{"invoiced", p.ID}) % 8 {
		case 0, 1:
		case 2:
			v.Status, v.Reason = InvoiceInvalid, "NOT_AUTHORIZED"
		default:
			return
		}
	}
	for i := range p.Parts {
		p.Parts[i].Invoice = new(v)
	}
}
