package affiliate

import (
	"slices"

	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// Creators lists the creators of a market, which never changes.
func Creators(w *world.World, market string) []*creator { return creatorsOf(w)[market] }

// CreatorBy returns the creator of a market with a user id, or nil.
func CreatorBy(w *world.World, market, userID string) *creator {
	return findCreator(w, market, userID, byUserID)
}

// UserID is the id by which older dates know a creator.
func (cr *creator) UserID() string { return cr.userID }

// Username is the creator's name on TikTok.
func (cr *creator) Username() string { return cr.username }

// AvatarURL is where the creator's picture can be seen.
func (cr *creator) AvatarURL(c *gate.Call) string { return avatar(c, cr).URL }

// Invites tells whether a target collaboration of the shop that goes on invites a
// creator. The caller holds the shop's lock.
func Invites(s *world.Shop, id, userID string, now int64) bool {
	return slices.ContainsFunc(Of(s).Targets, func(t *targetCollaboration) bool {
		return t.ID == id && t.runs(now) && t.invites(userID)
	})
}

// InvitationOf returns the last running target collaboration to which a creator is
// invited, "" where there is none. The caller holds the shop's lock.
func InvitationOf(s *world.Shop, userID string, now int64) string {
	for _, t := range slices.Backward(Of(s).Targets) {
		if t.runs(now) && t.invites(userID) {
			return t.ID
		}
	}
	return ""
}

// Asked tells whether a creator made a sample application of the shop. The caller
// holds the shop's lock.
func Asked(s *world.Shop, id, userID string) bool {
	return slices.ContainsFunc(Of(s).Applications, func(a *sampleApplication) bool { return a.ID == id && a.Creator == userID })
}

// FirstAsked returns who made the oldest sample application of the shop, and its
// id; "" where there is none. The caller holds the shop's lock.
func FirstAsked(s *world.Shop) (id, userID string) {
	if len(Of(s).Applications) == 0 {
		return "", ""
	}
	return Of(s).Applications[0].ID, Of(s).Applications[0].Creator
}

// OpenRate is the commission rate at which a product is offered to every creator,
// 0 where it is not. The caller holds the shop's lock.
func OpenRate(s *world.Shop, product string, now int64) int64 {
	if o := Of(s).openFor(product, now); o != nil {
		return o.Rate
	}
	return 0
}
