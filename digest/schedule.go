package digest

// Weekdays is a set of days of the week, bit 1<<time.Weekday each.
type Weekdays uint8

// Sets of days people name.
const (
	EveryDay Weekdays = 0b1111111
	Workdays Weekdays = 0b0111110 // Monday to Friday
	Weekend  Weekdays = 0b1000001 // Saturday and Sunday
)

// Schedule is when a subscription is due: times of day on days of the week, on the clock
// of a zone.
type Schedule struct {
	Days  Weekdays `json:"days"`
	Times []int    `json:"times"` // minutes after midnight, ascending, 1 to MaxDigestsDay of them
	// Zone and Place are set where the schedule has a clock of its own ("8:00 Tokyo"),
	// else the chat's count. Zone is an IANA name or "UTC+02:00".
	Zone  string `json:"zone,omitempty"`
	Place string `json:"place,omitempty"`
}
