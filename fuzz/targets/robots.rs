#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| redraft_fuzz::robots::run(bytes));
