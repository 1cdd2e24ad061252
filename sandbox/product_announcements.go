package sandbox

import (
	"reflect"
	"time"

	"github.com/ttshop-go/ttshop/webhook/event"
)

// The values of PRODUCT_STATUS_CHANGE. The product itself tells its state.
const (
	changeFirstPass = "PRODUCT_FIRST_PASS_REVIEW"
	changeStatus    = "PRODUCT_STATUS_CHANGED"
	changeFailure   = "PRODUCT_AUDIT_FAILURE"
)

// The data of the webhooks about products. Some know the product by a number,
// some by text.
type (
	productStatusChange struct {
		ProductID       int64  `json:"product_id"`
		Status          string `json:"status"`
		SuspendedReason string `json:"suspended_reason"`
		UpdateTime      int64  `json:"update_time"`
	}
	productInformationChange struct {
		ProductID     string   `json:"product_id"`
		ChangeSource  string   `json:"change_source"`
		ChangedFields []string `json:"changed_fields"`
		UpdateTime    int64    `json:"update_time"`
	}
	productCreation struct {
		ProductID    int64    `json:"product_id"`
		ProductTypes []string `json:"product_types"` // no value stands for an ordinary product
		UpdateTime   int64    `json:"update_time"`
	}
	productCategoryChange struct {
		ProductID  string `json:"product_id"`
		Previous   string `json:"previous_category_id"`
		Current    string `json:"current_category_id"`
		UpdateTime int64  `json:"update_time"`
	}
	productAuditChange struct {
		ProductID  int64        `json:"product_id"`
		Audit      auditOutcome `json:"audit"`
		UpdateTime int64        `json:"update_time"`
	}
	auditOutcome struct {
		Status             string   `json:"status"`
		PreApprovedReasons []string `json:"pre_approved_reasons"`
	}
)

// productBefore is a product before a change, as far as webhooks tell of it.
type productBefore struct {
	status, audit string
	live          content
}

func (p *product) before() productBefore { return productBefore{p.status, p.audit, p.live} }

// announceProduct tells what has become of a product since before. The caller
// holds the shop's lock.
func announceProduct(s *shop, p *product, before productBefore, now time.Time) {
	at := now.Unix()
	if p.audit == auditAuditing {
		s.world.wake(p.verdict)
	}
	if p.audit != before.audit {
		s.emit(int(event.TypeProductAuditStatusChange), productAuditChange{p.number, auditOutcome{p.audit, []string{}}, at})
	}
	// PRODUCT_STATUS_CHANGE tells how a review ended. What the seller does to
	// the state of a product raises nothing, no document says it does.
	switch {
	case before.audit != auditAuditing || p.audit == before.audit:
	case p.audit == auditFailed:
		change := productStatusChange{p.number, changeFailure, "", at}
		if len(p.failures) > 0 && len(p.failures[0].Reasons) > 0 {
			change.SuspendedReason = p.failures[0].Reasons[0]
		}
		s.emit(int(event.TypeProductStatusChange), change)
	case p.audit == auditApproved && before.status == productPending && p.status == productActivate:
		status := changeStatus
		if !p.passed {
			status, p.passed = changeFirstPass, true
		}
		s.emit(int(event.TypeProductStatusChange), productStatusChange{p.number, status, "", at})
	}
	if p.live.categoryID != before.live.categoryID {
		s.emit(int(event.TypeProductCategoryChange), productCategoryChange{p.id, before.live.categoryID, p.live.categoryID, at})
	}
	if before.status != productActivate || p.status != productActivate {
		return
	}
	if fields := changedFields(&before.live, &p.live); len(fields) > 0 {
		s.emit(int(event.TypeProductInformationChange), productInformationChange{p.id, "OPEN_API", fields, at})
	}
}

// announceCreation tells of a new product and what is special about it.
func announceCreation(s *shop, p *product, now time.Time, types ...string) {
	s.emit(int(event.TypeProductCreation), productCreation{p.number, append([]string{}, types...), now.Unix()})
}

// changedFields names what differs between two contents, in the words of
// PRODUCT_INFORMATION_CHANGE. Prices and stock have none.
func changedFields(old, next *content) (names []string) {
	note := func(name string, a, b any) {
		if !reflect.DeepEqual(a, b) {
			names = append(names, name)
		}
	}
	note("title", old.title, next.title)
	note("description", old.description, next.description)
	note("main_images", old.images, next.images)
	note("product_attributes", old.attributes, next.attributes)
	was, is := deref(old.sizeChart), deref(next.sizeChart)
	note("size_chart_image", was.Image, is.Image)
	note("size_chart_template", was.Template, is.Template)
	if len(names) == 0 && !next.sameBut(old) {
		names = append(names, "others")
	}
	return names
}

// settleProduct ends the review of a product whose time has come and tells of
// it. The caller holds the shop's lock.
func settleProduct(s *shop, p *product, now time.Time) {
	if p.audit != auditAuditing || p.verdict.IsZero() || now.Before(p.verdict) {
		return
	}
	before := p.before()
	p.settle(now)
	announceProduct(s, p, before, now)
}

// settleProducts ends the reviews whose time has come and tells when the next
// one ends. The caller holds the shop's lock.
func settleProducts(s *shop, now time.Time) time.Time {
	next := time.Time{}
	for _, p := range productsOf(s).list {
		settleProduct(s, p, now)
		if p.audit == auditAuditing && !p.verdict.IsZero() && (next.IsZero() || p.verdict.Before(next)) {
			next = p.verdict
		}
	}
	return next
}
