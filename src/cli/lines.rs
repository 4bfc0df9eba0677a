//! Parallel processing of lines: reads lines, has all cores work on them, and writes the results in order, with
//! bounded memory.

use std::io::{self, BufRead, Write};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread;

/// Longest line in bytes: a page of 5 MiB as escaped JSON, with a margin.
const MAX_LINE_BYTES: u64 = 64 << 20;
/// Lines read ahead per core.
const AHEAD: usize = 4;
/// Stack of a worker in bytes: HTML parsers recurse.
const STACK_BYTES: usize = 8 << 20;

/// A line's number, the line, and where its answer goes.
type Task = (u64, Result<String, String>, SyncSender<String>);

/// Answers each line of `input` with one line of `output`; blank lines get no answer. `work` receives the line's
/// number, counted from 1, and the line, or the reason why it could not be read. The output is flushed whenever no
/// further answer is ready, so that a program can exchange lines with us one by one.
pub(super) fn answer_lines(
    mut input: impl BufRead,
    mut output: impl Write + Send,
    work: impl Fn(u64, Result<String, String>) -> String + Sync,
) -> io::Result<()> {
    let cores = thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let (tasks, work_queue) = sync_channel::<Task>(AHEAD * cores);
    let (answers, in_order) = sync_channel::<Receiver<String>>(AHEAD * cores);
    let work_queue = Mutex::new(work_queue);
    thread::scope(|scope| {
        for _ in 0..cores {
            let labour = || run_worker(&work_queue, &work);
            thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, labour)?;
        }
        let writer = scope.spawn(move || write_answers(&mut output, &in_order));
        let read = read_tasks(&mut input, &tasks, &answers);
        // Without this, the workers and the writer would wait for more.
        drop((tasks, answers));
        let written = writer.join().unwrap_or_else(|_| Err(io::Error::other("the writer failed")));
        match written {
            // The reader of our output is gone, as with `| head`.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            Err(error) => Err(error),
            Ok(()) => read,
        }
    })
}

/// Reads lines and distributes them to the workers.
fn read_tasks(
    input: &mut impl BufRead,
    tasks: &SyncSender<Task>,
    answers: &SyncSender<Receiver<String>>,
) -> io::Result<()> {
    let mut bytes = Vec::new();
    for number in 1.. {
        bytes.clear();
        let mut limited = io::Read::take(&mut *input, MAX_LINE_BYTES);
        if limited.read_until(b'\n', &mut bytes)? == 0 {
            return Ok(());
        }
        let cut = bytes.len() as u64 == MAX_LINE_BYTES && bytes.last() != Some(&b'\n');
        if cut {
            io::copy(&mut rest_of_line(&mut *input), &mut io::sink())?;
        }
        let line = String::from_utf8_lossy(&bytes).trim().to_owned();
        if line.is_empty() {
            continue;
        }
        let line = if cut { Err(format!("a line of more than {MAX_LINE_BYTES} bytes")) } else { Ok(line) };
        let (reply, answer) = sync_channel(1);
        // Sending fails only if the other side is gone; then nobody waits for answers.
        if answers.send(answer).is_err() || tasks.send((number, line, reply)).is_err() {
            return Ok(());
        }
    }
    Ok(())
}

/// Reader over the rest of the current line.
fn rest_of_line(input: &mut impl BufRead) -> impl io::Read + '_ {
    struct Rest<'a, R>(&'a mut R, bool);
    impl<R: BufRead> io::Read for Rest<'_, R> {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            if self.1 {
                return Ok(0);
            }
            let found = self.0.fill_buf()?;
            let end = found.iter().position(|&byte| byte == b'\n');
            let count = end.map_or(found.len(), |at| at + 1).min(into.len());
            self.1 = end.is_some_and(|at| at + 1 == count);
            self.0.consume(count);
            Ok(count)
        }
    }
    Rest(input, false)
}

/// A worker: processes one line after another.
fn run_worker(queue: &Mutex<Receiver<Task>>, work: &impl Fn(u64, Result<String, String>) -> String) {
    loop {
        let task = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok((number, line, reply)) = task else { return };
        let _ = reply.send(work(number, line));
    }
}

/// Writes the answers in the order of the lines.
fn write_answers(output: &mut impl Write, in_order: &Receiver<Receiver<String>>) -> io::Result<()> {
    for answer in in_order {
        let ready = answer.try_recv().ok();
        if ready.is_none() {
            output.flush()?;
        }
        let Some(line) = ready.or_else(|| answer.recv().ok()) else { continue };
        output.write_all(line.as_bytes())?;
        output.write_all(b"\n")?;
    }
    output.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_come_in_the_order_of_the_lines() {
        let input: String = (0..1_000).map(|n| format!("{n}\n\n")).collect::<Vec<_>>().concat();
        let mut output = Vec::new();
        let work = |number: u64, line: Result<String, String>| {
            let line = line.unwrap();
            assert_eq!(line.parse(), Ok((number - 1) / 2), "blank lines count");
            // Uneven work, so that answers are ready out of order.
            let rounds = line.parse::<u64>().unwrap() % 7 * 5_000;
            let sum: u64 = (0..rounds).fold(0, |sum, n| std::hint::black_box(sum ^ n));
            if sum == u64::MAX { String::new() } else { line }
        };
        answer_lines(input.as_bytes(), &mut output, work).unwrap();
        let wanted: String = (0..1_000).map(|n| format!("{n}\n")).collect::<Vec<_>>().concat();
        assert_eq!(String::from_utf8(output).unwrap(), wanted);
    }
}
