package workatotest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// world is who works in a workspace and on what. It lives on from one day to
// the next.
type world struct {
	rand       *rand.Rand
	home       *Workspace
	actors     []*actor
	invited    []User // who may join yet
	folders    []*folder
	recipes    []*recipe
	connectors []Resource
	accounts   []Resource            // connections
	busy       map[*recipe]time.Time // until when somebody works on it
	queue      []Event               // what Activity has still to give
}

type actorKind int

const (
	person actorKind = iota
	service
	platform
)

type actor struct {
	User
	Origin
	kind  actorKind
	admin bool
}

type folder struct {
	id   int64
	path string
}

type recipe struct {
	id, parent int64
	name       string
	folder     *folder
	running    bool
}

const teamSize = 6

// The material worlds are made of; none of it belongs to anybody.
var (
	names = [...]string{
		"Mara Lindqvist", "Tobias Renner", "Ana Ferreira", "Kenji Watanabe",
		"Priya Nair", "Luca Moretti", "Ines Duval", "Oskar Nowak",
		"Yara Haddad", "Samuel Okafor", "Noor Bakker", "Elif Aydin",
	}
	departments = [...]string{"Finance", "Sales", "People", "Operations", "Support"}
	topics      = [...]string{
		"Post invoices to the ledger", "Match payouts with orders", "Remind of open bills",
		"Route web leads", "Copy won deals to billing", "Warn of stale quotes",
		"Set up new hires", "Close accounts of leavers", "Ask for holiday approval",
		"Export stock at night", "Track late shipments", "Order spare parts",
		"Escalate overdue tickets", "Sum up the week's tickets", "Sync contacts both ways",
	}
	providers = [...]string{"salesforce", "netsuite", "jira", "slack", "postgresql", "google_sheets", "zendesk"}
	adapters  = [...]string{"Freight desk", "House ledger", "Badge printer"}
	roles     = [...]string{"Analyst", "Operator", "Admin"}
	browsers  = [...]string{
		"Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15",
	}
	networks = [...]string{"192.0.2.", "198.51.100.", "203.0.113."}
)

func newWorld(w *Workspace) *world {
	g := &world{
		rand: newRand(w.server.seed^streamWorld<<32, uint64(w.id)), //nolint:gosec // any ID makes a stream
		home: w,
		busy: make(map[*recipe]time.Time),
	}
	g.hire()
	g.furnish()
	return g
}

// hire makes the people, the service account and the platform.
func (g *world) hire() {
	team := slices.Clone(names[:])
	g.rand.Shuffle(len(team), func(i, j int) { team[i], team[j] = team[j], team[i] })
	for i, name := range team {
		u := g.user(name)
		if i >= teamSize {
			g.invited = append(g.invited, u)
			continue
		}
		g.actors = append(g.actors, &actor{User: u, Origin: g.origin(), admin: i == 0})
	}
	deploy := &actor{User: g.user("Deploy Bot"), Origin: g.origin(), kind: service}
	deploy.UserAgent = "deploy-pipeline/3.2"
	g.actors = append(g.actors, deploy, &actor{kind: platform})
}

// furnish makes what they work on.
func (g *world) furnish() {
	for _, d := range departments {
		g.folders = append(g.folders, &folder{g.number(5), "Home/" + d})
	}
	for i, topic := range topics {
		g.recipes = append(g.recipes, &recipe{
			id:      g.number(6),
			name:    topic,
			folder:  g.folders[i*len(departments)/len(topics)],
			running: g.chance(70),
		})
	}
	for _, p := range providers[:5] {
		g.accounts = append(g.accounts, g.account(p))
	}
	for _, name := range adapters[:2] {
		g.connectors = append(g.connectors, Resource{ID: g.number(4), Name: name, Type: "CustomAdapter"})
	}
}

func (g *world) user(name string) User {
	local := strings.ReplaceAll(strings.ToLower(name), " ", ".")
	return User{ID: g.number(5), Name: name, Email: local + "@example.com"}
}

func (g *world) origin() Origin {
	return Origin{
		IPAddress: fmt.Sprint(pick(g.rand, networks[:]), 1+g.rand.IntN(254)),
		UserAgent: pick(g.rand, browsers[:]),
	}
}

// account makes a connection.
func (g *world) account(provider string) Resource {
	f := pick(g.rand, g.folders)
	return Resource{
		ID:         g.number(5),
		Name:       strings.ReplaceAll(provider, "_", " ") + " account",
		Type:       "SharedAccount",
		Path:       f.path,
		Provider:   provider,
		FolderID:   f.id,
		Authorized: new(true),
		Identity:   "integration@example.com",
	}
}

// workspace is what people log in to.
func (g *world) workspace() Resource {
	return Resource{
		ID:               g.home.id,
		Name:             g.home.name,
		Type:             "Workspace",
		Email:            g.home.email,
		EmailConfirmedAt: time.Date(2024, time.February, 5, 9, 12, 44, 0, time.FixedZone("PST", -8*60*60)),
	}
}

func (f *folder) resource() Resource {
	name := f.path[strings.LastIndexByte(f.path, '/')+1:]
	return Resource{ID: f.id, Name: name, Type: "Folder", Path: f.path}
}

func (r *recipe) resource() Resource {
	return Resource{
		ID: r.id, Name: r.name, Type: "Flow",
		Path: r.folder.path, FolderID: r.folder.id, ParentID: r.parent,
	}
}

// number returns a number of that many digits.
func (g *world) number(digits int) int64 {
	low := int64(1)
	for range digits - 1 {
		low *= 10
	}
	return low + g.rand.Int64N(9*low)
}

func (g *world) chance(percent int) bool { return g.rand.IntN(100) < percent }

// upTo returns a whole number of seconds below d.
func (g *world) upTo(d time.Duration) time.Duration {
	return time.Duration(g.rand.Int64N(int64(d/time.Second))) * time.Second
}

// around returns between half and one and a half times d.
func (g *world) around(d time.Duration) time.Duration { return d/2 + g.upTo(d) }
