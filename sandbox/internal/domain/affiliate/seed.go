package affiliate

import (
	"time"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/product"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// targetPlan is an invented target collaboration: its times in days from now.
type targetPlan struct {
	kind, name, message string
	start, end          int64
	sample              bool
}

// targetPlans are the target collaborations that every shop has.
func targetPlans(locale string) []targetPlan {
	names := []string{"Autumn favourites", "New arrivals", "Last push", "Platform picks"}
	message := "We love your videos. Would you like to show these?"
	if locale == "vi-VN" {
		names = []string{"Được yêu thích mùa thu", "Hàng mới về", "Đợt cuối", "Nền tảng chọn"}
		message = "Shop rất thích video của bạn. Bạn giới thiệu giúp shop nhé?"
	}
	return []targetPlan{
		{targetStandard, names[0], message, -120, -15, true},
		{targetStandard, names[1], message, -40, 60, true},
		{targetStandard, names[2], message, -60, 4, false},
		{targetProgram, names[3], "", -90, 90, false},
	}
}

// SeedAffiliate invents what a shop agreed with creators. Every third live
// product is in an open collaboration, one of which is about to end.
func SeedAffiliate(s *world.Shop, seed uint64, index int, now time.Time) {
	rng := invent.NewRandom(seed, invent.StreamAffiliate+uint64(index))
	a := &affiliate{
		IDs:      invent.IDs{Next: idCollaborations + uint64(index)*world.IDStride + rng.Uint64N(world.IDStride/2), Random: rng},
		AutoRate: 1000, Open: []*openCollaboration{}, Rules: []*sampleRule{}, Targets: []*targetCollaboration{}, Applications: []*sampleApplication{},
	}
	s.Rooms.Furnish(a)
	var others []*product.Product
	live := 0
	for _, p := range product.Of(s).List {
		if p.Status != product.ProductActivate {
			continue
		}
		if live++; live%3 == 1 {
			offerOpenly(s, p.ID, 100*rng.Between(5, 20), rng.Chance(20), now.Unix()-rng.Between(30, 150)*invent.SecondsOfDay)
		} else {
			others = append(others, p)
		}
	}
	if n := len(a.Open); n > 1 {
		a.Open[n-1].End = now.Unix() + terminationPeriod/2
	}
	for i, plan := range targetPlans(s.Market.Locale) {
		seedTarget(s, rng, plan, others, i, now.Unix())
	}
	seedSamples(s, now.Unix())
}

// seedTarget makes a target collaboration: its products are in no other one.
func seedTarget(s *world.Shop, rng invent.Random, plan targetPlan, products []*product.Product, turn int, now int64) {
	t := &targetCollaboration{
		ID: Of(s).IDs.New(), Type: plan.kind, Name: plan.name, Message: plan.message, Email: "partners@example.com",
		FreeSample: plan.sample, Start: now + plan.start*invent.SecondsOfDay, End: now + plan.end*invent.SecondsOfDay,
	}
	var taken []targetProduct
	for i := turn; i < len(products) && len(taken) < 3; i += 4 {
		taken = append(taken, targetProduct{products[i].ID, []ratePeriod{{t.Start, 100 * rng.Between(8, 25), 0}}, stay{Since: t.Start}})
	}
	market := creatorsOf(s.World)[s.Region]
	t.set(market[3*turn:3*turn+6], taken, t.Start)
	Of(s).Targets = append(Of(s).Targets, t)
	s.World.Owners.Add(s, t.ID)
}

// seedSamples lets creators ask for samples of what they promote.
func seedSamples(s *world.Shop, now int64) {
	a := Of(s)
	plans := []struct {
		status, agency string
		age            int64 // in days
	}{
		{sampleCompleted, "", 25}, {sampleRejected, "", 18}, {sampleWithdrawn, "", 12}, {sampleAccepted, "", 9},
		{samplePending, "", 4}, {samplePending, "Bright Path Agency", 3}, {samplePending, "", 2}, {samplePending, "", 1},
	}
	for _, o := range a.Open {
		for _, who := range promoters(s, o, now)[:min(2, len(promoters(s, o, now)))] {
			if len(plans) == 0 {
				return
			}
			plan := plans[0]
			plans = plans[1:]
			asked := &sampleApplication{
				ID: a.IDs.New(), Creator: who.userID, Product: o.Product, SKU: product.Of(s).ByID[o.Product].Live.SKUs[0].ID,
				Open: o.ID, Status: plan.status, Agency: plan.agency, Created: now - plan.age*invent.SecondsOfDay,
			}
			if plan.status != samplePending {
				asked.Decided = asked.Created + invent.SecondsOfDay
			}
			a.Applications = append(a.Applications, asked)
			s.World.Owners.Add(s, asked.ID)
		}
	}
}
