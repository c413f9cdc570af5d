package workatotest

import (
	"slices"
	"time"
)

// scene is what one actor does in one go: some events, some time apart.
type scene struct {
	*world
	actor  *actor
	at     time.Time
	events []Event
	claims []*recipe // nobody else touches them meanwhile
}

// act is a kind of scene and how often it is played beside the others.
type act struct {
	weight int
	play   func(*scene)
}

var (
	personActs = [...]act{
		{30, (*scene).rework},
		{16, (*scene).tryOut},
		{9, (*scene).build},
		{5, (*scene).cloneRecipe},
		{5, (*scene).tidyUp},
		{2, (*scene).discard},
		{7, (*scene).reconnect},
		{4, (*scene).connect},
		{6, (*scene).codeConnector},
		{4, (*scene).logInAgain},
		{3, (*scene).switchTeam},
		{3, (*scene).export},
	}
	adminActs = append(personActs[:len(personActs):len(personActs)], []act{
		{8, (*scene).invite},
		{9, (*scene).govern},
	}...)
	serviceActs  = [...]act{{1, (*scene).deploy}}
	platformActs = [...]act{{1, (*scene).giveUp}}
)

// play lets the actor do something at that time and returns the events and
// when it is over. There may be none: the platform stops nothing where
// nothing runs.
func (g *world) play(a *actor, at time.Time) ([]Event, time.Time) {
	s := &scene{world: g, actor: a, at: at}
	acts := personActs[:]
	switch {
	case a.kind == service:
		acts = serviceActs[:]
	case a.kind == platform:
		acts = platformActs[:]
	case a.admin:
		acts = adminActs
	}
	s.choose(acts)(s)
	for _, r := range s.claims {
		g.busy[r] = s.at
	}
	return s.events, s.at
}

func (s *scene) choose(acts []act) func(*scene) {
	sum := 0
	for _, a := range acts {
		sum += a.weight
	}
	n := s.rand.IntN(sum)
	for _, a := range acts {
		if n -= a.weight; n < 0 {
			return a.play
		}
	}
	return acts[0].play
}

func (g *world) arrives(a *actor, at time.Time) Event {
	return a.event(at, "user_login", g.workspace(), Details{Activity: "password_login"})
}

func (g *world) leaves(a *actor, at time.Time) Event {
	return a.event(at, "user_logout", g.workspace(), Details{Activity: "user_logout"})
}

// event is something the actor does from where he sits.
func (a *actor) event(at time.Time, kind string, r Resource, d Details) Event {
	d.Request = new(a.Origin)
	return Event{Time: at, Type: kind, User: new(a.User), Resource: r, Details: d}
}

// does adds an event of the actor and lets some time pass.
func (s *scene) does(kind string, r Resource, d Details) {
	s.add(s.actor.event(s.at, kind, r, d))
}

func (s *scene) add(e Event) {
	e.Time = s.at
	s.events = append(s.events, e)
	s.at = s.at.Add(s.around(3 * time.Minute))
}

// claim returns a recipe that fits and that nobody works on.
func (s *scene) claim(fits func(*recipe) bool) *recipe {
	free := slices.DeleteFunc(slices.Clone(s.recipes), func(r *recipe) bool {
		return !fits(r) || s.busy[r].After(s.at)
	})
	if len(free) == 0 {
		return nil
	}
	r := pick(s.rand, free)
	s.claims = append(s.claims, r)
	return r
}

func running(r *recipe) bool { return r.running }
func stopped(r *recipe) bool { return !r.running }
func either(*recipe) bool    { return true }

// rework changes a recipe, which has to be stopped for that.
func (s *scene) rework() {
	r := s.claim(either)
	if r == nil {
		return
	}
	if r.running {
		s.does("recipe_stopped", r.resource(), Details{StopReason: "user", Force: new(false), Failed: new(false)})
	}
	for range 1 + s.rand.IntN(3) {
		s.does("recipe_updated", r.resource(), Details{})
	}
	if r.running = s.chance(80); r.running {
		s.does("recipe_started", r.resource(), Details{RunOnce: new(false)})
	}
}

// tryOut runs a recipe once; the platform stops it when it is through.
func (s *scene) tryOut() {
	r := s.claim(stopped)
	if r == nil {
		s.rework()
		return
	}
	s.does("recipe_updated", r.resource(), Details{})
	s.does("recipe_started", r.resource(), Details{RunOnce: new(true)})
	s.platformStops(r, "test_run_stop", false)
}

// giveUp stops a recipe that fails too often.
func (s *scene) giveUp() {
	if r := s.claim(running); r != nil {
		r.running = false
		s.platformStops(r, "trigger_errors_limit", true)
	}
}

// platformStops adds an event without a user and without a request.
func (s *scene) platformStops(r *recipe, reason string, failed bool) {
	s.add(Event{
		Type:     "recipe_stopped",
		Resource: r.resource(),
		Details:  Details{StopReason: reason, Force: new(true), Failed: new(failed)},
	})
}

func (s *scene) build() {
	f := pick(s.rand, s.folders)
	r := &recipe{id: s.number(6), name: "New recipe", folder: f}
	s.recipes = append(s.recipes, r)
	s.claims = append(s.claims, r)
	s.does("recipe_created", r.resource(), Details{})
	r.name = pick(s.rand, topics[:]) + " (draft)"
	s.does("recipe_renamed", r.resource(), Details{})
	s.does("recipe_updated", r.resource(), Details{})
}

func (s *scene) cloneRecipe() {
	from := s.claim(either)
	if from == nil {
		return
	}
	r := &recipe{id: s.number(6), parent: from.id, name: "Copy of " + from.name, folder: from.folder}
	s.recipes = append(s.recipes, r)
	s.claims = append(s.claims, r)
	s.does("recipe_created", r.resource(), Details{})
	s.does("recipe_updated", r.resource(), Details{})
}

func (s *scene) tidyUp() {
	r := s.claim(stopped)
	if r == nil {
		return
	}
	parent := pick(s.rand, s.folders[:len(departments)])
	f := &folder{s.number(5), parent.path + "/New folder"}
	s.folders = append(s.folders, f)
	s.does("folder_created", f.resource(), Details{})
	f.path = parent.path + "/" + pick(s.rand, []string{"Archive", "Drafts", "Shared", "Trials"})
	s.does("folder_renamed", f.resource(), Details{})
	r.folder = f
	s.does("recipe_moved", r.resource(), Details{})
}

// discard deletes a recipe, as long as enough are left to work on.
func (s *scene) discard() {
	if len(s.recipes) <= len(topics) {
		return
	}
	if r := s.claim(stopped); r != nil {
		s.recipes = slices.DeleteFunc(s.recipes, func(other *recipe) bool { return other == r })
		s.does("recipe_deleted", r.resource(), Details{})
	}
}

func (s *scene) reconnect() {
	c := pick(s.rand, s.accounts)
	if s.chance(50) {
		s.does("connection_updated", c, Details{})
		return
	}
	off := c
	off.Authorized = new(false)
	s.does("connection_disconnected", off, Details{})
	s.does("connection_connected", c, Details{})
}

func (s *scene) connect() {
	c := s.account(pick(s.rand, providers[:]))
	s.accounts = append(s.accounts, c)
	fresh := c
	fresh.Authorized, fresh.Identity = new(false), ""
	s.does("connection_created", fresh, Details{})
	s.does("connection_connected", c, Details{})
}

func (s *scene) codeConnector() {
	if len(s.connectors) < len(adapters) && s.chance(30) {
		c := Resource{ID: s.number(4), Name: adapters[len(s.connectors)], Type: "CustomAdapter"}
		s.connectors = append(s.connectors, c)
		s.does("connector_created", c, Details{})
		return
	}
	c := pick(s.rand, s.connectors)
	s.does("connector_updated", c, Details{})
	if s.chance(40) {
		s.does("connector_released", c, Details{})
	}
}

func (s *scene) logInAgain() {
	s.does("user_login", s.workspace(), Details{Activity: "password_login"})
}

func (s *scene) switchTeam() {
	s.does("user_logout", s.workspace(), Details{Activity: "switch_team"})
	s.does("user_login", s.workspace(), Details{Activity: "switch_team"})
}

// export adds a row without details, as packages have.
func (s *scene) export() { s.add(s.moved("package_exported")) }

func (s *scene) moved(kind string) Event {
	f := pick(s.rand, s.folders)
	return Event{Type: kind, User: new(s.actor.User), Resource: Resource{
		ID: s.number(5), Type: "Package", FolderID: f.id, FolderPath: f.path,
		FileName: "package-" + word(s.rand, 6) + ".zip",
	}}
}

// invite lets somebody join, who accepts from where he is.
func (s *scene) invite() {
	u := pick(s.rand, s.invited)
	r := Resource{
		ID: s.number(5), Name: u.Name, Type: "MemberInvitation",
		Role: pick(s.rand, roles[:]), Email: u.Email,
	}
	s.does("team_invitation_created", r, Details{})
	guest := actor{User: u, Origin: s.origin()}
	s.add(guest.event(s.at, "team_invitation_accept", r, Details{}))
}

func (s *scene) govern() {
	switch s.rand.IntN(3) {
	case 0:
		s.does("api_privilege_group_updated", Resource{ID: int64(40211), Name: "Audit readers", Type: "ApiPrivilegeGroup"}, Details{})
	case 1:
		s.does("account_property_updated", Resource{ID: int64(8125), Name: "LEDGER_REGION", Type: "AccountProperty"}, Details{})
	default:
		s.does("token_regenerated", Resource{ID: int64(3307), Name: "Pipeline client", Type: "ApiClient"}, Details{})
	}
}

// deploy imports a package and starts what it brought.
func (s *scene) deploy() {
	s.add(s.moved("package_imported"))
	for range 1 + s.rand.IntN(2) {
		if r := s.claim(stopped); r != nil && !r.running {
			r.running = true
			s.does("recipe_started", r.resource(), Details{RunOnce: new(false)})
		}
	}
}
