package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/workato-go/sdk/activity"
	"github.com/workato-go/sdk/examples/internal/alarm"
)

// screen draws the board on a terminal: the LED, the buzzer, the button, and the
// last events. Whatever changes is drawn at once.
type screen struct {
	pressing

	out   stream
	color bool

	mu          sync.Mutex
	led, buzzer bool
	state       alarm.State
	said        string   // the caption
	events      []string // the last ones
	drawn       int      // lines above the cursor
}

const screenEvents = 7

// The styles, in the colors that every terminal's theme defines.
const (
	reset  = "\x1b[0m"
	dim    = "\x1b[2m"
	bold   = "\x1b[1m"
	red    = "\x1b[1;31m"
	yellow = "\x1b[1;33m"
)

func (s *screen) hold(r role, changed func(bool)) (holding, error) {
	switch r {
	case led:
		return holding{line: &drawnLine{screen: s, value: &s.led}}, nil
	case buzzer:
		return holding{line: &drawnLine{screen: s, value: &s.buzzer}}, nil
	case mute:
		s.holdButton(changed)
	}
	return holding{line: &drawnLine{screen: s, value: new(bool)}, edges: true, debounced: true}, nil
}

// drawnLine is a line on the screen.
type drawnLine struct {
	screen *screen
	value  *bool
}

func (l *drawnLine) Set(on bool) error {
	l.screen.change(func() { *l.value = on })
	return nil
}

func (l *drawnLine) Value() (bool, error) { return l.screen.pressed(), nil }
func (l *drawnLine) Release() error       { return l.Set(false) }

func (s *screen) show() show {
	return show{
		event: func(e *activity.Event, severity alarm.Severity) {
			style := ""
			switch severity {
			case alarm.Ignored:
				style = dim
			case alarm.Normal:
			case alarm.High:
				style = red
			}
			s.add(style, withNames(e, severity))
		},
		gap:   func(g activity.Gap) { s.add(yellow, g.String()) },
		state: func(state alarm.State) { s.change(func() { s.state = state }) },
	}
}

func (s *screen) add(style, text string) {
	s.change(func() {
		s.events = append(s.events, s.styled(style, time.Now().Format("15:04:05")+"  "+s.fit(text, 12)))
		s.events = s.events[max(0, len(s.events)-screenEvents):]
	})
}

func (s *screen) caption(text string) { s.change(func() { s.said = text }) }

// change changes something, and draws it.
func (s *screen) change(do func()) {
	pressed := s.pressed()
	s.mu.Lock()
	defer s.mu.Unlock()
	do()
	s.draw(pressed)
}

// draw writes all of it in one go, over what was drawn before. It ends each line
// as a terminal that lets single keys through wants it.
func (s *screen) draw(pressed bool) {
	var frame strings.Builder
	if s.drawn > 0 {
		fmt.Fprintf(&frame, "\x1b[%dA", s.drawn)
	} else {
		frame.WriteString(hideCursor)
	}
	lines := s.lines(pressed)
	for _, line := range lines {
		frame.WriteString("\r" + line + "\x1b[K\r\n")
	}
	s.drawn = len(lines)
	_, _ = io.WriteString(s.out, frame.String())
}

const (
	hideCursor = "\x1b[?25l"
	showCursor = "\x1b[?25h"
)

// finish leaves the last picture and gives the cursor back.
func (s *screen) finish() {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, _ = io.WriteString(s.out, showCursor)
}

func (s *screen) lines(pressed bool) []string {
	lamp, horn, button := s.styled(dim, "○ off"), s.styled(dim, "· silent"), "[ ]"
	if s.led {
		lamp = s.styled(red, "● ON ")
	}
	if s.buzzer {
		horn = s.styled(yellow, "♪ SOUND ")
	}
	if pressed {
		button = "[█]"
	}
	shows := meaning(s.state)
	if s.state.Open > 0 {
		shows += fmt.Sprintf(" (%d not acknowledged)", s.state.Open)
	}
	lines := []string{
		"",
		"  ╭───────────────────────────────────────────────╮",
		fmt.Sprintf("  │   LED %s     buzzer %s     mute %s  │", lamp, horn, button),
		"  ╰───────────────────────────────────────────────╯",
		"  the alarm shows: " + s.styled(bold, s.fit(shows, 19)),
		"",
		"  " + s.fit(s.said, 2),
		"",
	}
	for _, event := range s.events {
		lines = append(lines, "  "+event)
	}
	lines = append(lines, slices.Repeat([]string{""}, screenEvents-len(s.events))...)
	return append(lines, "", "  "+s.styled(dim, s.fit("m: the mute button   M: the button, held   q: the end", 2)))
}

func (s *screen) styled(style, text string) string {
	if !s.color || style == "" {
		return text
	}
	return style + text + reset
}

// fit shortens a text that begins in a column, so that no line wraps: the next
// picture would not be over this one.
func (s *screen) fit(text string, column int) string {
	room := s.out.columns - 1 - column
	if utf8.RuneCountInString(text) <= room {
		return text
	}
	return string([]rune(text)[:max(room-1, 0)]) + "…"
}
