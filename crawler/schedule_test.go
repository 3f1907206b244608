package crawler_test

import (
	"errors"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/rapsheet/rapsheet/crawler"
	"github.com/rapsheet/rapsheet/intel"
)

func middle() float64 { return 0.5 }

func TestIntervalFollowsTheHabit(t *testing.T) {
	s := crawler.Schedule{Every: time.Hour, Random: middle}
	for _, tt := range []struct {
		perDay, habit float64
		want          time.Duration
	}{
		{0, 0, time.Hour},
		{48, 40, 15 * time.Minute},
		{8, 2, 45 * time.Minute},
		{0, 3, 2 * time.Hour},
		{0.1, 0.1, 6 * time.Hour},
	} {
		h := intel.SourceHealth{PerDay: tt.perDay, Habit: tt.habit}
		if got := s.Interval(h); got != tt.want {
			t.Errorf("%v a day, was %v: every %s, want %s", tt.perDay, tt.habit, got, tt.want)
		}
	}
}

func TestScheduleSpreadsRestartsAndPutsFailuresOff(t *testing.T) {
	now := time.Date(2025, 9, 3, 10, 0, 0, 0, time.UTC)
	sources := []intel.Source{{ID: "new"}, {ID: "recent"}, {ID: "late"}}
	health := []intel.SourceHealth{
		{Source: sources[1], LastAttempt: now.Add(-10 * time.Minute)}, {Source: sources[2], LastAttempt: now.Add(-3 * time.Hour)},
	}
	s := crawler.Schedule{Every: time.Hour, Random: middle}
	due, next := s.Due(sources, health, now)
	if len(due) != 2 || due[0].ID != "new" || due[1].ID != "late" || !next.Equal(now.Add(50*time.Minute)) {
		t.Errorf("%v due, next at %s: what was read ten minutes ago is not due", due, next)
	}
	for _, want := range []time.Duration{time.Hour, 2 * time.Hour, 4 * time.Hour} {
		s.Done(crawler.Result{Sources: []crawler.SourceResult{{SourceID: "new", Err: errors.New("down")}}}, now)
		if due, _ := s.Due(sources[:1], nil, now.Add(want-time.Second)); len(due) != 0 {
			t.Errorf("due before %s", want)
		}
		now = now.Add(want)
		if due, _ := s.Due(sources[:1], nil, now); len(due) != 1 {
			t.Errorf("not due after %s", want)
		}
	}
	s.Done(crawler.Result{Sources: []crawler.SourceResult{{SourceID: "new", Err: errors.New("cut off"), Partial: true}}}, now)
	if due, _ := s.Due(sources[:1], nil, now.Add(time.Hour)); len(due) != 1 {
		t.Error("a source whose feed was cut off must keep its times: what the feed drops would be lost")
	}
	spread := crawler.Schedule{Every: time.Hour, Random: rand.New(rand.NewPCG(1, 2)).Float64}
	times := map[time.Duration]bool{}
	for range 20 {
		d := spread.Interval(intel.SourceHealth{})
		if times[d] = true; d < 54*time.Minute || d > 66*time.Minute {
			t.Errorf("%s is more than a tenth off", d)
		}
	}
	if len(times) < 15 {
		t.Error("the intervals are not spread")
	}
}
