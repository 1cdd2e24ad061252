package sandbox

import "time"

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

// seedAffiliate invents what a shop agreed with creators. Every third live
// product is in an open collaboration, one of which is about to end.
func seedAffiliate(s *shop, seed uint64, index int, now time.Time) {
	rng := newRandom(seed, streamAffiliate+uint64(index))
	a := &affiliate{
		IDs:      ids{idCollaborations + uint64(index)*idStride + rng.Uint64N(idStride/2), rng},
		AutoRate: 1000, Open: []*openCollaboration{}, Rules: []*sampleRule{}, Targets: []*targetCollaboration{}, Applications: []*sampleApplication{},
	}
	s.rooms.furnish(a)
	var others []*product
	live := 0
	for _, p := range productsOf(s).list {
		if p.status != productActivate {
			continue
		}
		if live++; live%3 == 1 {
			offerOpenly(s, p.id, 100*rng.between(5, 20), rng.chance(20), now.Unix()-rng.between(30, 150)*secondsOfDay)
		} else {
			others = append(others, p)
		}
	}
	if n := len(a.Open); n > 1 {
		a.Open[n-1].End = now.Unix() + terminationPeriod/2
	}
	for i, plan := range targetPlans(s.region.locale) {
		seedTarget(s, rng, plan, others, i, now.Unix())
	}
	seedSamples(s, now.Unix())
}

// seedTarget makes a target collaboration: its products are in no other one.
func seedTarget(s *shop, rng random, plan targetPlan, products []*product, turn int, now int64) {
	t := &targetCollaboration{
		ID: affiliateOf(s).IDs.new(), Type: plan.kind, Name: plan.name, Message: plan.message, Email: "partners@example.com",
		FreeSample: plan.sample, Start: now + plan.start*secondsOfDay, End: now + plan.end*secondsOfDay,
	}
	var taken []targetProduct
	for i := turn; i < len(products) && len(taken) < 3; i += 4 {
		taken = append(taken, targetProduct{products[i].id, []ratePeriod{{t.Start, 100 * rng.between(8, 25), 0}}, stay{Since: t.Start}})
	}
	market := creatorsOf(s.world)[s.Region]
	t.set(market[3*turn:3*turn+6], taken, t.Start)
	affiliateOf(s).Targets = append(affiliateOf(s).Targets, t)
	s.world.owners.add(s, t.ID)
}

// seedSamples lets creators ask for samples of what they promote.
func seedSamples(s *shop, now int64) {
	a := affiliateOf(s)
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
				ID: a.IDs.new(), Creator: who.userID, Product: o.Product, SKU: productsOf(s).byID[o.Product].live.skus[0].id,
				Open: o.ID, Status: plan.status, Agency: plan.agency, Created: now - plan.age*secondsOfDay,
			}
			if plan.status != samplePending {
				asked.Decided = asked.Created + secondsOfDay
			}
			a.Applications = append(a.Applications, asked)
			s.world.owners.add(s, asked.ID)
		}
	}
}
