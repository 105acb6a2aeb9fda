package schedule_test

const hostileEnv = "SCHEDULE_TEST_HOSTILE"

func readHostile() {}
