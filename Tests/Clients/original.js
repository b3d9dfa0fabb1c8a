const chatSocket = new WebSocket(
    'ws://'
    + window.location.host
    + '/ws/chat/?token='
    + yourAuthToken
);

chatSocket.onmessage = function(e) {
    const data = JSON.parse(e.data);
    switch(data.type) {
        case 'message':
            handleNewMessage(data.message);
            break;
        case 'typing':
            handleTypingIndicator(data);
            break;
        case 'error':
            handleError(data);
            break;
    }
};

chatSocket.onclose = function(e) {
    console.error('Chat socket closed unexpectedly');
};

// Send a message
chatSocket.send(JSON.stringify({
    'type': 'message',
    'content': 'Hello, World!',
    'chat_id': 123
}));
