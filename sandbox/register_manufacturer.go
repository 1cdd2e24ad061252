package sandbox

// manufacturer is who made goods, as each language of the European markets has
// it. The platform translates; here all languages begin alike.
type manufacturer struct {
	ID       string                `json:"id"`
	Profiles []manufacturerProfile `json:"regional_profiles"`
}

type manufacturerProfile struct {
	Locale    string      `json:"locale,omitempty"`
	Name      string      `json:"name"`
	TradeName string      `json:"registered_trade_name,omitempty"`
	Email     string      `json:"email"`
	Phone     phoneNumber `json:"phone_number"`
	Address   string      `json:"address"`
}

// everywhere returns the profile in every language.
func (p manufacturerProfile) everywhere() (list []manufacturerProfile) {
	for _, locale := range registerLocales() {
		p.Locale = locale
		list = append(list, p)
	}
	return list
}

// profile returns the profile of a language.
func (m *manufacturer) profile(locale string) *manufacturerProfile {
	for i := range m.Profiles {
		if m.Profiles[i].Locale == locale {
			return &m.Profiles[i]
		}
	}
	return &m.Profiles[0]
}

// manufacturer returns a manufacturer by its id, or nil.
func (r *register) manufacturer(id string) *manufacturer {
	for i := range r.Manufacturers {
		if r.Manufacturers[i].ID == id {
			return &r.Manufacturers[i]
		}
	}
	return nil
}

type manufacturerInput struct {
	Locale    string       `json:"locale"`
	Name      *string      `json:"name"`
	TradeName *string      `json:"registered_trade_name"`
	Email     *string      `json:"email"`
	Phone     *phoneNumber `json:"phone_number"`
	Address   *string      `json:"address"`
}

func (in *manufacturerInput) check() *failure {
	if f := checkEmail(deref(in.Email)); f != nil {
		return f
	}
	return in.Phone.check()
}

// apply takes over what was sent. A phone number is replaced as a whole.
func (in *manufacturerInput) apply(p *manufacturerProfile) {
	take(&p.Name, in.Name)
	take(&p.TradeName, in.TradeName)
	take(&p.Email, in.Email)
	take(&p.Phone, in.Phone)
	take(&p.Address, in.Address)
	if p.Phone.Availability == "" {
		p.Phone.Availability = phoneAvailable
	}
}

func createManufacturer(c *call) *failure {
	var in manufacturerInput
	if f := c.decode(&in); f != nil {
		return f
	}
	return c.registering(true, func(r *register) *failure {
		if f := in.check(); f != nil {
			return f
		}
		var p manufacturerProfile
		in.apply(&p)
		m := manufacturer{r.IDs.new(), p.everywhere()}
		r.Manufacturers = append(r.Manufacturers, m)
		c.json(struct {
			ID string `json:"manufacturer_id"`
		}{m.ID})
		return nil
	})
}

// editManufacturer changes a manufacturer in one language.
func editManufacturer(c *call) *failure {
	var in manufacturerInput
	if f := c.decode(&in); f != nil {
		return f
	}
	return c.registering(true, func(r *register) *failure {
		m := r.manufacturer(c.param(0))
		if m == nil {
			return c.stranger("manufacturer", func(r *register, id string) bool { return r.manufacturer(id) != nil })
		}
		if f := in.check(); f != nil {
			return f
		}
		in.apply(m.profile(in.Locale))
		return nil
	})
}

// findManufacturers returns a page of the register.
func (c *call) findManufacturers(show func(m *manufacturer, s *registerSearch) any) *failure {
	search, f := c.registerQuery("manufacturers")
	if f != nil {
		return f
	}
	return c.registering(false, func(r *register) *failure {
		found, next, total := paginate(r.Manufacturers, true, search.after, search.size,
			func(m manufacturer) cursor { return cursor{0, number(m.ID)} },
			func(m manufacturer) bool { return search.matches(m.ID, m.names()...) })
		answer := struct {
			List []any `json:"manufacturers"`
			pageEnd
		}{[]any{}, c.pageEnd(next, search.scope, total)}
		for i := range found {
			answer.List = append(answer.List, show(&found[i], search))
		}
		c.json(answer)
		return nil
	})
}

func (m *manufacturer) names() (list []string) {
	for _, p := range m.Profiles {
		list = append(list, p.Name, p.TradeName)
	}
	return list
}

// searchManufacturers shows the profiles of the languages that are asked for.
func searchManufacturers(c *call) *failure {
	return c.findManufacturers(func(m *manufacturer, s *registerSearch) any {
		shown := manufacturer{m.ID, []manufacturerProfile{}}
		for _, locale := range s.locales {
			shown.Profiles = append(shown.Profiles, *m.profile(locale))
		}
		return shown
	})
}

// searchManufacturers202409 shows one language, without whether there is a phone.
func searchManufacturers202409(c *call) *failure {
	return c.findManufacturers(func(m *manufacturer, _ *registerSearch) any {
		p := m.Profiles[0]
		p.Locale, p.Phone.Availability = "", ""
		return struct {
			ID string `json:"id"`
			manufacturerProfile
		}{m.ID, p}
	})
}
