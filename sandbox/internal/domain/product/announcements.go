package product

import (
	"reflect"
	"time"

	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
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
	verdict       time.Time
	live          Content
}

func (p *Product) before() productBefore { return productBefore{p.Status, p.Audit, p.Verdict, p.Live} }

// announceProduct tells what has become of a product since before. The caller
// holds the shop's lock.
func announceProduct(s *world.Shop, p *Product, before productBefore, now time.Time) {
	at := now.Unix()
	if p.Audit == AuditAuditing && !p.Verdict.Equal(before.verdict) {
		scheduleReview(s, p)
	}
	if p.Audit != before.audit {
		s.Emit(int(event.TypeProductAuditStatusChange), productAuditChange{p.Number, auditOutcome{p.Audit, []string{}}, at})
	}
	// PRODUCT_STATUS_CHANGE tells how a review ended. What the seller does to
	// the state of a product raises nothing, no document says it does.
	switch {
	case before.audit != AuditAuditing || p.Audit == before.audit:
	case p.Audit == auditFailed:
		change := productStatusChange{p.Number, changeFailure, "", at}
		if len(p.Failures) > 0 && len(p.Failures[0].Reasons) > 0 {
			change.SuspendedReason = p.Failures[0].Reasons[0]
		}
		s.Emit(int(event.TypeProductStatusChange), change)
	case p.Audit == AuditApproved && before.status == ProductPending && p.Status == ProductActivate:
		status := changeStatus
		if !p.Passed {
			status, p.Passed = changeFirstPass, true
		}
		s.Emit(int(event.TypeProductStatusChange), productStatusChange{p.Number, status, "", at})
	}
	if p.Live.CategoryID != before.live.CategoryID {
		s.Emit(int(event.TypeProductCategoryChange), productCategoryChange{p.ID, before.live.CategoryID, p.Live.CategoryID, at})
	}
	if before.status != ProductActivate || p.Status != ProductActivate {
		return
	}
	if fields := changedFields(&before.live, &p.Live); len(fields) > 0 {
		s.Emit(int(event.TypeProductInformationChange), productInformationChange{p.ID, "OPEN_API", fields, at})
	}
}

// announceCreation tells of a new product and what is special about it.
func announceCreation(s *world.Shop, p *Product, now time.Time, types ...string) {
	s.Emit(int(event.TypeProductCreation), productCreation{p.Number, append([]string{}, types...), now.Unix()})
}

// changedFields names what differs between two contents, in the words of
// PRODUCT_INFORMATION_CHANGE. Prices and stock have none.
func changedFields(old, next *Content) (names []string) {
	note := func(name string, a, b any) {
		if !reflect.DeepEqual(a, b) {
			names = append(names, name)
		}
	}
	note("title", old.Title, next.Title)
	note("description", old.Description, next.Description)
	note("main_images", old.Images, next.Images)
	note("product_attributes", old.Attributes, next.Attributes)
	was, is := invent.Deref(old.SizeChart), invent.Deref(next.SizeChart)
	note("size_chart_image", was.Image, is.Image)
	note("size_chart_template", was.Template, is.Template)
	if len(names) == 0 && !next.sameBut(old) {
		names = append(names, "others")
	}
	return names
}

// deadlineReview is the kind of the deadline at which a review is over.
const deadlineReview = "review"

// scheduleReview makes the review of a product end when its time has come.
func scheduleReview(s *world.Shop, p *Product) {
	if !p.Verdict.IsZero() {
		s.Schedule(p.Verdict.Unix(), deadlineReview, p.ID)
	}
}

// endReview ends the review of a product and tells of it.
func endReview(s *world.Shop, d world.Deadline) {
	p := Of(s).ByID[d.ID]
	if p == nil || p.Audit != AuditAuditing || p.Verdict.IsZero() || p.Verdict.Unix() != d.At {
		return // it was withdrawn, or another one has begun
	}
	before, at := p.before(), p.Verdict
	p.settle(at)
	Combine(s)
	announceProduct(s, p, before, at)
}

// scheduleReviews makes the reviews end that a snapshot of an earlier version
// has no deadlines for.
func scheduleReviews(s *world.Shop) {
	for _, p := range Of(s).List {
		if p.Audit == AuditAuditing && !p.Verdict.IsZero() && !s.Scheduled(p.Verdict.Unix(), deadlineReview, p.ID) {
			scheduleReview(s, p)
		}
	}
}
